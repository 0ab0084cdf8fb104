import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { dot, mixRows } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, cosformer, noMask, padding } from '../../index.ts'

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: 6, size: 4, valueSize: 3 })
const kept = [
  [true, true, false, true, true, true],
  [false, true, true, true, false, false],
]

/** Equation 10 of the paper: `relu(q)·relu(k) cos(π/2 (i - j) / M)`, over the sum of the weights. */
function byWeights(reach: number, keeps: (batch: number, query: number, key: number) => boolean): number[] {
  const relu = (row: readonly number[]): number[] => row.map((x) => Math.max(x, 0))
  return sample.perHead((query, key, value, { batch }) =>
    query.map((q, i) => {
      const weights = key.map((k, j) =>
        keeps(batch, i, j) ? dot(relu(q), relu(k)) * Math.cos(((Math.PI / 2) * (i - j)) / reach) : 0,
      )
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return mixRows(weights, value).map((x) => (total === 0 ? 0 : x / (total + 1e-6)))
    }),
  )
}

testIdea(() => cosformer({ reach: 8 }), {
  test,
  ideas: [
    {
      title: 'weights are products of positive parts times a cosine of the distance',
      inputs: (device) => sample.inputs(device),
      expected: () => byWeights(8, () => true),
    },
    {
      title: 'with causal and padding too',
      call: (device) => ({ beside: [causal(), padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => byWeights(8, (batch, i, j) => j <= i && kept[batch]![j]!),
    },
  ],
})

testIdea(() => cosformer(), {
  test,
  ideas: [
    {
      title: 'the distance counts by the longest sequence unless said',
      inputs: (device) => sample.inputs(device),
      expected: () => byWeights(6, () => true),
    },
  ],
})

test('sequences end where the cosine would turn negative', () => {
  const device = new Device(createReferenceBackend())
  const attend = (): unknown =>
    attendProjections(compose([cosformer({ reach: 5 })]), sample.inputs(device), { mask: noMask })
  expect(attend).toThrow(
    "cosformer: 'query' reaches position 5, expected positions below the model's maximum length 5.",
  )
})

test('bad options', () => {
  expect(() => cosformer({ reach: 0 })).toThrow(
    "cosformer: 'reach' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  expect(() => cosformer({ epsilon: Number.NaN })).toThrow(
    "cosformer: 'epsilon' is NaN, expected a number of at least 0. Leave it out for the default.",
  )
})
