import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { ropeDynamicNtk, rope } from '../../index.ts'

testIdea(() => ropeDynamicNtk({ factor: 2, originalLength: 4 }), {
  test,
  ideas: [
    {
      title: 'the base is 10000 · (2 · 6 / 4 - 1)^(8 / 6) for 6 positions, where 4 were trained',
      inputs: (device) => rotaryInputs(device, { length: 6, headSize: 8, frequencies: [] }),
      expected: () =>
        rotaryOutputs({
          length: 6,
          headSize: 8,
          frequencies: [1, 0.07937005259840997, 0.006299605249474366, 0.0005],
        }),
    },
  ],
})

testIdea(() => ropeDynamicNtk({ factor: 2, originalLength: 4 }), {
  test,
  ideas: [
    {
      title: 'sequences of usual length are as in training',
      inputs: (device) => rotaryInputs(device, { length: 3, headSize: 8, frequencies: [] }),
      expected: () => rotaryOutputs({ length: 3, headSize: 8, frequencies: [1, 0.1, 0.01, 0.001] }),
    },
  ],
})

test('it cannot be cached, as the option of rope cannot', () => {
  expect(ropeDynamicNtk().cacheable).toBe(false)
  expect(rope({ scaling: { kind: 'dynamic-ntk' } }).cacheable).toBe(false)
})

test('an original length of 0 is an error', () => {
  expect(() => ropeDynamicNtk({ originalLength: 0 })).toThrow(
    "rope-dynamic-ntk: 'originalLength' is 0, expected a number above 0.",
  )
})
