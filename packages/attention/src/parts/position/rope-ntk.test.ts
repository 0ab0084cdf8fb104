import { expect, test } from 'vitest'
import { rotaryInputs, rotaryOutputs } from '../../testing/rotary-oracle.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { ropeNtk } from '../../index.ts'

testIdea(() => ropeNtk({ factor: 4 }), {
  test,
  ideas: [
    {
      title: 'the base is 10000 · 4^(8 / 6): the last pair is 4 times as slow, the first as fast',
      inputs: (device) => rotaryInputs(device, { length: 5, headSize: 8, frequencies: [] }),
      expected: () =>
        rotaryOutputs({
          length: 5,
          headSize: 8,
          frequencies: [1, 0.06299605249474366, 0.003968502629920499, 0.00025],
        }),
    },
  ],
})

test('a factor below 1 is an error', () => {
  expect(() => ropeNtk({ factor: -1 })).toThrow("rope-ntk: 'factor' is -1, expected a number of at least 1.")
})

test('two columns turn at one frequency, which has no slower one', () => {
  const table = ropeNtk().buffers!['cosines']!.create({
    width: 2,
    heads: 1,
    keyHeads: 1,
    headSize: 2,
    maximumLength: 3,
  })
  expect([...table.data]).toEqual([1, Math.cos(1), Math.cos(2)])
})
