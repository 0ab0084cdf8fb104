import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, gat, noMask, type Projected } from '../../index.ts'

/** One query, three keys with values 1, 0 and 0. */
function inputs(device: Device): Projected {
  return {
    query: device.tensor([[[[1, 2]]]]),
    key: device.tensor([
      [
        [
          [3, 0],
          [-4, 1],
          [99, 99],
        ],
      ],
    ]),
    value: device.tensor([[[[1], [0], [0]]]]),
  }
}

const parameters = (device: Device): Record<string, Record<string, Tensor>> => ({
  gat: { queryVector: device.tensor([[-1, 1]]), keyVector: device.tensor([[1, -2]]) },
})

testIdea(() => gat(), {
  test,
  ideas: [
    {
      // The query's number is -1 + 2 = 1, those of the keys 3 and -4 - 2 = -6: LeakyReLU(4) = 4 and LeakyReLU(-5) = -1.
      title: 'a number of the query plus one of the key through a LeakyReLU, neighbours only',
      call: (device) => ({
        parameters: parameters(device),
        side: { adjacency: device.tensor([[[true, true, false]]]) },
      }),
      inputs,
      expected: [1 / (1 + Math.exp(-5))],
    },
  ],
})

testIdea(() => gat({ slope: 0.4 }), {
  test,
  ideas: [
    {
      // The third key's number is 99 - 198 = -99: LeakyReLU(-98) = -39.2; the second's LeakyReLU(-5) = -2.
      title: 'without a graph every node is a neighbour',
      call: (device) => ({ parameters: parameters(device), side: { adjacency: 'none' } }),
      inputs,
      expected: [1 / (1 + Math.exp(-6) + Math.exp(-43.2))],
    },
  ],
})

test('a graph that is missing or of another size is refused', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const attend = (side: Record<string, Tensor>): Tensor =>
    attendProjections(compose([gat()]), inputs(device), {
      mask: noMask,
      parameters: parameters(device),
      side,
    })
  expect(() => attend({})).toThrow(
    "gat: 'side.adjacency' is missing, expected a tensor, or 'none' to say that there is none. " +
      'Pass `side: { adjacency: ... }` in the call.',
  )
  expect(() => attend({ adjacency: device.tensor([[[true, true]]]) })).toThrow(
    "gat: 'side.adjacency' has shape [1, 1, 2], expected [batch, query, key] for 1 queries and 3 keys. " +
      'Bring a row for each node that asks and a column for each node that answers.',
  )
  expect(() => gat({ slope: Number.NaN })).toThrow(
    "gat: 'slope' is NaN, expected a finite number. Leave it out for the default.",
  )
})
