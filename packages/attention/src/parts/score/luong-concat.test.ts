import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { luongConcat } from '../../index.ts'

/** tanh((log 3) / 2) = 1/2 */
const half = Math.log(3) / 2

testIdea(() => luongConcat(), {
  test,
  ideas: [
    {
      // The hidden units are q_1 - k_2 and q_2 + k_1. First key: tanh(half) = 1/2 and tanh(-half) = -1/2: S = 3 · 1/2 - 1/2 = 1.
      // Second key: both 0.
      title: 'a vector times the tanh of a map of query and key side by side',
      call: (device) => ({
        parameters: {
          'luong-concat': {
            weight: device.tensor([
              [
                [1, 0],
                [0, 1],
                [0, 1],
                [-1, 0],
              ],
            ]),
            vector: device.tensor([[3, 1]]),
          },
        },
      }),
      inputs: (device) => ({
        query: device.tensor([[[[half, 1]]]]),
        key: device.tensor([
          [
            [
              [-1 - half, 0],
              [-1, half],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / (1 + Math.exp(-1))],
    },
  ],
})
