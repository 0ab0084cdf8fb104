import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { ropeLinear, scaledFrequencies } from '../../index.ts'

testIdea(() => ropeLinear({ factor: 4 }), {
  test,
  ideas: [
    {
      title: 'the fourth position is where the first was',
      inputs: (device) => rotaryInputs(device, { length: 6, headSize: 4, frequencies: [] }),
      expected: () => rotaryOutputs({ length: 6, headSize: 4, frequencies: [1 / 4, 1 / 400] }),
    },
  ],
})

test('a factor of 1 changes nothing', () => {
  const { frequencies } = scaledFrequencies(
    { kind: 'linear', factor: 1 },
    { rotarySize: 4, base: 10000, maximumLength: 8 },
  )
  expect([...frequencies]).toEqual([1, expect.closeTo(0.01, 12)])
})

test('a factor below 1 is an error', () => {
  expect(() => ropeLinear({ factor: 0 })).toThrow(
    "rope-linear: 'factor' is 0, expected a number of at least 1. Leave it out for the default.",
  )
})
