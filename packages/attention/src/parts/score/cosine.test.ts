import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { cosine } from '../../index.ts'

testIdea(() => cosine({ strength: 5 }), {
  test,
  ideas: [
    {
      // (3, 4) has length 5: its cosines with (0, 2) and (-7, 0) are 4/5 and -3/5; β is 5 times 2.
      title: 'β times the cosine, whatever the lengths',
      call: (device) => ({ parameters: { cosine: { logStrength: device.tensor([Math.log(2)]) } } }),
      inputs: (device) => ({
        query: device.tensor([[[[3, 4]]]]),
        key: device.tensor([
          [
            [
              [0, 2],
              [-7, 0],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / (1 + Math.exp(-10 * (4 / 5 + 3 / 5)))],
    },
    {
      title: 'vectors of zeros fit every key alike',
      call: (device) => ({ parameters: { cosine: { logStrength: device.tensor([0]) } } }),
      inputs: (device) => ({
        query: device.tensor([[[[0, 0]]]]),
        key: device.tensor([
          [
            [
              [0, 0],
              [1, 0],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / 2],
    },
  ],
})

testIdea(() => cosine(), {
  test,
  ideas: [
    {
      title: 'β starts at the root of the head size',
      call: (device) => ({ parameters: { cosine: { logStrength: device.tensor([0]) } } }),
      inputs: (device) => ({
        query: device.tensor([[[[9, 0, 0, 0]]]]),
        key: device.tensor([
          [
            [
              [3, 0, 0, 0],
              [-1, 0, 0, 0],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      // 2 · (1 - -1)
      expected: [1 / (1 + Math.exp(-4))],
    },
  ],
})

test.each([0, -1, Number.NaN])('a strength of %d is refused', (strength) => {
  expect(() => cosine({ strength })).toThrow(
    `cosine: 'strength' is ${strength}, expected a number above 0. Leave it out for the default.`,
  )
})
