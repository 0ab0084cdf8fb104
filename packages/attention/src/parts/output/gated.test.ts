import { createReferenceBackend, Device } from '@qkv/tensor'
import { test } from 'vitest'
import { sampleTensor, sampleValues } from '../../conformance/sample-values.ts'
import { attendByLoops, joinByLoops, mapRows, rowsOf } from '../../testing/by-loops.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { gated, type Projected } from '../../index.ts'

const [heads, length, size] = [2, 3, 2]
const inputs = (device: Device): Projected => ({
  query: sampleTensor(device, [1, heads, length, size], 1),
  key: sampleTensor(device, [1, heads, length, size], 2),
  value: sampleTensor(device, [1, heads, length, size], 3),
})
const weight = sampleValues((heads * size) ** 2, 5)

/** Without a module the input of a query is its heads side by side. */
function byLoops(): number[] {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const { query, key, value } = inputs(device)
  const head = (tensor: typeof query): number[][][] => [0, 1].map((index) => rowsOf(tensor, 0, index))
  const gates = mapRows(
    joinByLoops(head(query)),
    rowsOf(device.tensor(weight, { shape: [heads * size, heads * size] })),
  )
  return [0, 1].flatMap((index) =>
    attendByLoops(head(query)[index]!, head(key)[index]!, head(value)[index]!).flatMap((row, position) =>
      row.map((x, column) => x / (1 + Math.exp(-gates[position]![index * size + column]!))),
    ),
  )
}

testIdea(gated, {
  test,
  ideas: [
    {
      title: 'each number of the output is times the sigmoid of a map of the input',
      inputs,
      call: (device) => ({
        parameters: { gated: { weight: device.tensor(weight, { shape: [heads * size, heads * size] }) } },
      }),
      expected: byLoops,
    },
    {
      // The mean of 2 and 6, times the sigmoid of 3 * 0 and of -1 * 0 plus 1 * 1: half of 4, and of the second head's mean 8
      // the sigmoid of 1.
      title: 'a gate reads the input of all heads',
      inputs: (device) => ({
        query: device.tensor([[[[0]], [[1]]]]),
        key: device.tensor([
          [
            [[0], [0]],
            [[0], [0]],
          ],
        ]),
        value: device.tensor([
          [
            [[2], [6]],
            [[6], [10]],
          ],
        ]),
      }),
      call: (device) => ({
        parameters: {
          gated: {
            weight: device.tensor([
              [3, 0],
              [-1, 1],
            ]),
          },
        },
      }),
      expected: [2, 8 / (1 + Math.exp(-1))],
    },
  ],
})
