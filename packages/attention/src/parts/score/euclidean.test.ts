import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { euclidean } from '../../index.ts'

testIdea(() => euclidean(), {
  test,
  ideas: [
    {
      // Distances squared are (1-1)² + 2² = 4 and 3² + 1² + 0 + ... = 10 in four columns, over the root of 4.
      title: 'minus the squared distance over the root of the head size',
      inputs: (device) => ({
        query: device.tensor([[[[1, 2, 0, 0]]]]),
        key: device.tensor([
          [
            [
              [1, 0, 0, 0],
              [4, 3, 0, 0],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / (1 + Math.exp(-(10 - 4) / 2))],
    },
  ],
})
