import { createReferenceBackend, Device, type Tensor } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, graphormerEdges, noMask, scaledDot } from '../../index.ts'

const sample = handSample({ batch: 1, heads: 2, length: 3, size: 2 })
// 0 - 1 - 2 in a row, but no path from 2 to 0; only two edges of the three from 0 to 2 count.
const distances = [0, 1, 3, 1, 0, 1, -1, 1, 0]
const [steps, features] = [2, 3]
const edges = sampleValues(9 * steps * features, 5)
const weight = sampleValues(steps * features * 2, 6)

function meanOverPath(query: number, key: number, head: number): number {
  const count = Math.min(distances[query * 3 + key]!, steps)
  let total = 0
  for (let place = 0; place < count; place++) {
    for (let feature = 0; feature < features; feature++) {
      const x = edges[((query * 3 + key) * steps + place) * features + feature]!
      total += (x * weight[(place * features + feature) * 2 + head]!) / count
    }
  }
  return total
}

const side = (device: Device): Readonly<Record<string, Tensor>> => ({
  distances: device.tensor(distances, { shape: [1, 3, 3], dtype: 'int32' }),
  pathEdges: device.tensor(edges, { shape: [1, 3, 3, steps, features] }),
})

const parameters = (device: Device) => ({
  'graphormer-edges': { weight: device.tensor(weight, { shape: [steps, features, 2] }) },
})

testIdea(() => graphormerEdges({ maximumDistance: steps, features }), {
  test,
  ideas: [
    {
      title: 'adds the mean of what the edges of the path say',
      inputs: sample.inputs,
      call: (device) => ({ side: side(device), parameters: parameters(device) }),
      expected: () =>
        sample.attend((place) => sample.scaledDot(place) + meanOverPath(place.query, place.key, place.head)),
    },
  ],
})

test.each([
  ['distances', '[batch, length, length]'],
  ['pathEdges', '[batch, length, length, maximumDistance, features]'],
])('without %s it cannot work', (name, shape) => {
  const device = new Device(createReferenceBackend())
  expect(() =>
    attendProjections(
      compose([scaledDot(), graphormerEdges({ maximumDistance: steps, features })]),
      sample.inputs(device),
      { mask: noMask, side: { ...side(device), [name]: 'none' }, parameters: parameters(device) },
    ),
  ).toThrow(
    `graphormer-edges: 'side.${name}' is 'none', expected a tensor ${shape}. ` +
      "Bring it with each call, or leave 'graphormer-edges' out.",
  )
})

test('features are as many as were said', () => {
  const device = new Device(createReferenceBackend())
  expect(() =>
    attendProjections(
      compose([scaledDot(), graphormerEdges({ maximumDistance: 2 })]),
      sample.inputs(device),
      {
        mask: noMask,
        side: side(device),
        parameters: parameters(device),
      },
    ),
  ).toThrow(
    "graphormer-edges: 'side.pathEdges' has shape [1, 3, 3, 2, 3], expected " +
      '[batch, length, length, maximumDistance, features], here [1, 3, 3, 2, 1].',
  )
})

test.each([
  [{ maximumDistance: 0 }, "'maximumDistance' is 0"],
  [{ features: 1.5 }, "'features' is 1.5"],
])('%o is no path', (options, problem) => {
  expect(() => graphormerEdges(options)).toThrow(
    `graphormer-edges: ${problem}, expected a whole number of at least 1. Leave it out for the default.`,
  )
})
