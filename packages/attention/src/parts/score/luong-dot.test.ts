import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { compose, luongDot } from '../../index.ts'

testIdea(() => luongDot(), {
  test,
  ideas: [
    {
      // Products log 2 + 0 and 0 - log 3: exponentials 2 and 1/3.
      title: 'products without a scale',
      inputs: (device) => ({
        query: device.tensor([[[[1, -1]]]]),
        key: device.tensor([
          [
            [
              [Math.log(2), 0],
              [0, Math.log(3)],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [6 / 7],
    },
  ],
})

test('it runs fused', () => {
  expect(compose([luongDot()]).unfusable).toBeUndefined()
})
