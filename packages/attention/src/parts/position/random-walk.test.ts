import { zeros } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testEmbeddingIdea } from '../../conformance/test-embedding-idea.ts'
import { randomWalk, randomWalkLandings } from '../../index.ts'

// A path of three nodes: from an end a walk is back after two steps in one half of the cases, from the middle always.
const path = [
  [0, 1, 0],
  [1, 0, 1],
  [0, 1, 0],
]

testEmbeddingIdea(() => randomWalk({ steps: 2 }), {
  test,
  ideas: [
    {
      // The landings are [0, 1/2], [0, 1] and [0, 1/2], and the second row of the weight is 3.
      title: 'ends of a path differ from its middle',
      inputs: (device) => zeros(device, [1, 3, 1]),
      parameters: (device) => ({
        weight: device.tensor([5, 3], { shape: [2, 1] }),
        bias: device.tensor([10]),
      }),
      side: (device) => ({ landings: device.tensor(randomWalkLandings(path, 2), { shape: [1, 3, 2] }) }),
      expected: [11.5, 13, 11.5],
    },
  ],
})

test('steps that are not a positive whole number are an error', () => {
  expect(() => randomWalk({ steps: 1.5 })).toThrow(
    "random-walk: 'steps' is 1.5, expected a whole number of at least 1.",
  )
})
