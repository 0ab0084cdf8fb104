import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { luong } from '../../index.ts'

testIdea(() => luong(), {
  test,
  ideas: [
    {
      // q W = (1·0 + 2·3, 1·1 + 2·0) = (6, 1); its products with the keys are 6·1 + 1·(-4) = 2 and 6·0 + 1·1 = 1.
      title: 'query times matrix times key',
      call: (device) => ({
        parameters: {
          luong: {
            weight: device.tensor([
              [
                [0, 1],
                [3, 0],
              ],
            ]),
          },
        },
      }),
      inputs: (device) => ({
        query: device.tensor([[[[1, 2]]]]),
        key: device.tensor([
          [
            [
              [1, -4],
              [0, 1],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / (1 + Math.exp(-1))],
    },
  ],
})
