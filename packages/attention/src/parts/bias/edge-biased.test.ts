import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleValues } from '../../conformance/sample-values.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { handSample } from '../../testing/hand-sample.test-helper.ts'
import { type Idea, testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, compose, CompositionError, edgeBiased, noMask, scaledDot } from '../../index.ts'

const sample = handSample()
const features = 2
const edges = sampleValues(2 * 4 * 4 * features, 5)
const edgeOf = (batch: number, query: number, key: number): number[] => {
  const start = ((batch * 4 + query) * 4 + key) * features
  return edges.slice(start, start + features)
}
const [columns, numbers] = [sampleValues(2 * features * 3, 6), sampleValues(features * 2, 7)]

const idea = (
  title: string,
  weight: readonly number[],
  shape: readonly number[],
  expected: () => readonly number[],
): Idea => ({
  title,
  expected,
  inputs: sample.inputs,
  call: (device) => ({
    side: { edges: device.tensor(edges, { shape: [2, 4, 4, features] }) },
    parameters: { 'edge-biased': { weight: device.tensor(weight, { shape }) } },
  }),
})

testIdea(() => edgeBiased({ features }), {
  test,
  ideas: [
    idea('each column of a product is multiplied by the edge', columns, [2, features, 3], () =>
      sample.attend(({ batch, head, query, key }) => {
        const edge = edgeOf(batch, query, key)
        const [asking, asked] = [sample.query(batch, head, query), sample.key(batch, head, key)]
        const products = asking.map((x, column) => {
          const mapped = edge.map(
            (feature, index) => feature * columns[(head * features + index) * 3 + column]!,
          )
          return ((x * asked[column]!) / Math.sqrt(3)) * (mapped[0]! + mapped[1]!)
        })
        return products[0]! + products[1]! + products[2]!
      }),
    ),
  ],
})

testIdea(() => edgeBiased({ features, combine: 'plus' }), {
  test,
  ideas: [
    idea('each head adds a number that the edge makes', numbers, [features, 2], () =>
      sample.attend((place) => {
        const weights = [numbers[place.head]!, numbers[2 + place.head]!]
        return sample.scaledDot(place) + dot(edgeOf(place.batch, place.query, place.key), weights)
      }),
    ),
  ],
})

test('as a score it stands for all scores; as a bias it runs fused', () => {
  expect(() => compose([scaledDot(), edgeBiased()])).toThrow(CompositionError)
  expect(compose([scaledDot(), edgeBiased({ combine: 'plus' })]).unfusable).toBeUndefined()
})

test.each(['times', 'plus'] as const)('%s needs edges', (combine) => {
  const device = new Device(createReferenceBackend())
  const part = edgeBiased({ combine })
  expect(() =>
    attendProjections(compose(combine === 'times' ? [part] : [scaledDot(), part]), sample.inputs(device), {
      mask: noMask,
      side: { edges: 'none' },
    }),
  ).toThrow(
    "edge-biased: 'side.edges' is 'none', expected a tensor [batch, length, length, features]. " +
      "Bring it with each call, or leave 'edge-biased' out.",
  )
})

test.each([
  [{ features: 0 }, "'features' is 0, expected a whole number of at least 1"],
  [{ combine: 'minus' as 'plus' }, "'combine' is 'minus', expected 'times' or 'plus'"],
])('%o cannot be', (options, problem) => {
  expect(() => edgeBiased(options)).toThrow(`edge-biased: ${problem}. Leave it out for the default.`)
})
