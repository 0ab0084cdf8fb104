import { test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { additive } from '../../index.ts'

/** tanh((log 3) / 2) = (3 - 1) / (3 + 1) */
const half = Math.log(3) / 2

testIdea(() => additive(), {
  test,
  ideas: [
    {
      // S_1 = 2 tanh(half) - 4 tanh(0) = 1, S_2 = 2 tanh(0) - 4 tanh(half) = -2.
      title: 'a vector times the tanh of query plus key',
      call: (device) => ({ parameters: { additive: { vector: device.tensor([[2, -4]]) } } }),
      inputs: (device) => ({
        query: device.tensor([[[[half, 1]]]]),
        key: device.tensor([
          [
            [
              [0, -1],
              [-half, half - 1],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      expected: [1 / (1 + Math.exp(-3))],
    },
    {
      title: 'each head has a vector of its own, and key heads are shared',
      call: (device) => ({ parameters: { additive: { vector: device.tensor([[2], [6]]) } } }),
      inputs: (device) => ({
        query: device.tensor([[[[half]], [[0]]]]),
        key: device.tensor([[[[0], [-half]]]]),
        value: device.tensor([[[[1], [0]]]]),
      }),
      // S = 2 · (1/2, 0) and 6 · (0, -1/2)
      expected: [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(-3))],
    },
  ],
})
