import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, gatv2, noMask } from '../../index.ts'

const vector = (device: Device, values: readonly number[]): Record<string, Record<string, Tensor>> => ({
  gatv2: { vector: device.tensor([values]) },
})

testIdea(() => gatv2(), {
  test,
  ideas: [
    {
      // Sums are (4, 2) and (-5, 1), through the LeakyReLU (4, 2) and (-1, 1): times (1, -1) they are 2 and -2.
      title: 'a vector times the LeakyReLU of query plus key, neighbours only',
      call: (device) => ({
        parameters: vector(device, [1, -1]),
        side: { adjacency: device.tensor([[[true, true, false]]]) },
      }),
      inputs: (device) => ({
        query: device.tensor([[[[1, 2]]]]),
        key: device.tensor([
          [
            [
              [3, 0],
              [-6, -1],
              [99, 0],
            ],
          ],
        ]),
        value: device.tensor([[[[1], [0], [0]]]]),
      }),
      expected: [1 / (1 + Math.exp(-4))],
    },
  ],
})

test('each query may prefer another key, which gat cannot', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const row = [[9], [-9]]
  const weights = attendProjections(
    compose([gatv2({ slope: 0 })]),
    {
      query: device.tensor([[row.map(([x]) => [x!, -x!])]]),
      key: device.tensor([[row.map(([x]) => [x!, -x!])]]),
      value: device.tensor([
        [
          [
            [1, 0],
            [0, 1],
          ],
        ],
      ]),
    },
    { mask: noMask, side: { adjacency: 'none' }, parameters: vector(device, [1, 1]) },
  ).readSync()
  expect(Array.from(weights, Math.round)).toEqual([1, 0, 0, 1])
})

test('a slope that is no number is refused', () => {
  expect(() => gatv2({ slope: Infinity })).toThrow(
    "gatv2: 'slope' is Infinity, expected a finite number. Leave it out for the default.",
  )
})
