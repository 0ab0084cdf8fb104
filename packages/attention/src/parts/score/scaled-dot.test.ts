import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { scaledDot } from '../../index.ts'

testIdea(() => scaledDot(), {
  test,
  ideas: [
    {
      // Products 2 log 3 and 0 over the root of 4: exponentials 3 and 1. The length of the value is not the head size.
      title: 'products over the root of the head size',
      inputs: (device) => ({
        query: device.tensor([[[[1, 1, 0, 0]]]]),
        key: device.tensor([
          [
            [
              [Math.log(3), Math.log(3), 5, 0],
              [1, -1, 0, 7],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [3 / 4],
    },
  ],
})
