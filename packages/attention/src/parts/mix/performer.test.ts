import { createReferenceBackend, Device, mul } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { dot, mixRows, type Rows, softmaxOf } from '../../testing/by-loops.test-helper.ts'
import { sampleProjections } from '../../testing/sample-projections.test-helper.ts'
import { testIdea } from '../../conformance/test-idea.ts'
import { attendProjections, causal, compose, noMask, padding, performer } from '../../index.ts'

const sizes = { width: 8, heads: 2, keyHeads: 2, headSize: 4, maximumLength: 9 }

/** The random rows that a part with these options draws. */
function rowsOf(
  options: { readonly features?: number; readonly seed?: number },
  headSize: number,
): number[][] {
  const { shape, data } = performer(options).buffers!['projection']!.create({ ...sizes, headSize })
  return Array.from({ length: shape[0]! }, (_, row) =>
    Array.from(data.slice(row * headSize, (row + 1) * headSize)),
  )
}

/** Equation 7 of the paper, `Σ_w exp(w·q - |q|² / 2) exp(w·k - |k|² / 2)` as the weight, over the keys that are kept. */
function byWeights(
  projection: Rows,
  keeps: (batch: number, query: number, key: number) => boolean,
): Parameters<ReturnType<typeof sampleProjections>['perHead']>[0] {
  return (query, key, value, { batch }) =>
    query.map((q, i) => {
      const weights = key.map((k, j) => {
        const [a, b] = [q, k].map((row) => row.map((x) => x / row.length ** 0.25)) as [number[], number[]]
        const norms = (dot(a, a) + dot(b, b)) / 2
        const products = projection.map((w) => Math.exp(dot(w, a) + dot(w, b) - norms))
        return keeps(batch, i, j) ? products.reduce((total, x) => total + x, 0) : 0
      })
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return mixRows(weights, value).map((x) => (total === 0 ? 0 : x / total))
    })
}

const sample = sampleProjections({ heads: 4, keyHeads: 2, queries: 6, size: 4, valueSize: 3 })
const projection = rowsOf({ features: 7 }, 4)
const kept = [
  [true, true, false, true, true, true],
  [false, true, true, true, false, false],
]

testIdea(() => performer({ features: 7 }), {
  test,
  ideas: [
    {
      title: 'weights are sums of products of positive features',
      inputs: (device) => sample.inputs(device),
      expected: () => sample.perHead(byWeights(projection, () => true)),
    },
    {
      title: 'with causal and padding too, where a query without a key gives zeros',
      call: (device) => ({ beside: [causal(), padding()], side: { padding: device.tensor(kept) } }),
      inputs: (device) => sample.inputs(device),
      expected: () => sample.perHead(byWeights(projection, (batch, i, j) => j <= i && kept[batch]![j]!)),
    },
  ],
})

test('rows are orthogonal in blocks of the head size, and follow from the seed', () => {
  const rows = rowsOf({ features: 10 }, 4)
  expect(rowsOf({ features: 10 }, 4)).toEqual(rows)
  expect(rowsOf({ features: 10, seed: 1 }, 4)).not.toEqual(rows)
  const products = rows.flatMap((a, i) =>
    rows
      .slice(0, i)
      .filter((_, j) => Math.floor(i / 4) === Math.floor(j / 4))
      .map((b) => Math.abs(dot(a, b))),
  )
  expect(products).toHaveLength(6 + 6 + 1)
  expect(Math.max(...products)).toBeLessThan(1e-12)
  expect(rowsOf({}, 64)).toHaveLength(Math.floor(64 * Math.log(64)))
})

test('lengths of rows are those of normal vectors, so that features are right on average', () => {
  const squares = rowsOf({ features: 2000 }, 4).map((row) => dot(row, row))
  // Squared lengths have a chi-squared distribution: mean 4, variance 8, the mean of 2000 within 5 standard errors.
  const mean = squares.reduce((total, x) => total + x, 0) / 2000
  expect(Math.abs(mean - 4)).toBeLessThan(5 * Math.sqrt(8 / 2000))
})

test('more features come closer to the softmax', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const wanted = sample.perHead((query, key, value) =>
    // Queries and keys are 0.4 times the sample's: the spread of features grows with the exponential of their squared length.
    query.map((q) => mixRows(softmaxOf(key.map((k) => (0.16 * dot(q, k)) / 2)), value)),
  )
  const error = (features: number): number => {
    const errors = [0, 1, 2, 3].map((seed) => {
      const composition = compose([performer({ features, seed })])
      const { query, key, value } = sample.inputs(device)
      const projected = { query: mul(query, 0.4), key: mul(key, 0.4), value }
      const got = attendProjections(composition, projected, { mask: noMask }).readSync()
      return wanted.reduce((total, x, index) => total + (x - got[index]!) ** 2, 0)
    })
    return Math.sqrt(errors.reduce((total, x) => total + x, 0) / 4 / wanted.length)
  }
  const [few, more, many] = [error(4), error(64), error(1024)]
  expect(more).toBeLessThan(few / 2)
  expect(many).toBeLessThan(more / 2)
  expect(many).toBeLessThan(0.04)
})

test('keys along the random rows do not overflow in float32', () => {
  const device = new Device(createReferenceBackend())
  const headSize = 256
  const row = rowsOf({ features: 4 }, headSize)[0]!.map((x) => x * headSize ** 0.25)
  const key = device.tensor([row, row], { shape: [1, 1, 2, headSize] })
  const value = device.tensor([1, 3], { shape: [1, 1, 2, 1] })
  const projected = { query: key, key, value }
  const output = attendProjections(compose([performer({ features: 4 })]), projected, { mask: noMask })
  expect(mismatch(output.readSync(), [2, 2], { absolute: 1e-5, relative: 1e-5 })).toBeNull()
})

test('bad options', () => {
  expect(() => performer({ features: 0 })).toThrow(
    "performer: 'features' is 0, expected a whole number of at least 1. Leave it out for the default.",
  )
  expect(() => performer({ seed: 0.5 })).toThrow(
    "performer: 'seed' is 0.5, expected a whole number of at least 0. Leave it out for the default.",
  )
})
