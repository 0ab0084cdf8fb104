import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import {
  attendProjections,
  causal,
  compose,
  CompositionError,
  graphormerDistance,
  noMask,
  scaledDot,
} from '../../index.ts'

const sample = handSample()
// A path of four nodes, and a pair of two that are apart from each other.
const graphs = [
  [0, 1, 2, 3, 1, 0, 1, 2, 2, 1, 0, 1, 3, 2, 1, 0],
  [0, 1, -1, -1, 1, 0, -1, -1, -1, -1, 0, 1, -1, -1, 1, 0],
]
// Numbers of nodes out of reach, and of the distances 0, 1, and 2 and more; by head.
const table = sampleValues(4 * 2, 6)

const numberOf = (batch: number, query: number, key: number, head: number): number => {
  const distance = graphs[batch]![query * 4 + key]!
  return table[(distance < 0 ? 0 : Math.min(distance, 2) + 1) * 2 + head]!
}

testIdea(() => graphormerDistance({ maximumDistance: 2 }), {
  test,
  ideas: [[], [causal()]].map((beside) => ({
    title: beside.length === 0 ? 'each distance has a number' : 'also with causal',
    inputs: sample.inputs,
    call: (device: Device) => ({
      beside,
      side: { distances: device.tensor(graphs.flat(), { shape: [2, 4, 4], dtype: 'int32' }) },
      parameters: { 'graphormer-distance': { table: device.tensor(table, { shape: [4, 2] }) } },
    }),
    expected: () =>
      sample.attend((place) =>
        beside.length > 0 && place.key > place.query
          ? -Infinity
          : sample.scaledDot(place) + numberOf(place.batch, place.query, place.key, place.head),
      ),
  })),
})

const device = new Device(createReferenceBackend())
const run = (distances: Tensor | 'none'): Tensor =>
  attendProjections(
    compose([scaledDot(), graphormerDistance({ maximumDistance: 2 })]),
    sample.inputs(device),
    {
      mask: noMask,
      side: { distances },
      parameters: { 'graphormer-distance': { table: device.tensor(table, { shape: [4, 2] }) } },
    },
  )

test('without a graph it cannot work', () => {
  expect(() => run('none')).toThrow(CompositionError)
  expect(() => run('none')).toThrow(
    "graphormer-distance: 'side.distances' is 'none', expected a tensor [batch, length, length]. " +
      "Bring it with each call, or leave 'graphormer-distance' out.",
  )
})

test('distances of other positions do not fit', () => {
  expect(() => run(device.tensor(new Int32Array(18), { shape: [2, 3, 3], dtype: 'int32' }))).toThrow(
    "graphormer-distance: 'side.distances' has shape [2, 3, 3], expected [batch, length, length], here [2, 4, 4]. " +
      'Give one entry for each pair of positions, also of those whose keys are cached.',
  )
})

test('it needs a largest distance', () => {
  expect(() => graphormerDistance({ maximumDistance: 0 })).toThrow(
    "graphormer-distance: 'maximumDistance' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
})
