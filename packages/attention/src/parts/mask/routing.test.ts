import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { causal, routing } from '../../index.ts'

testAttention(() => routing({ clusters: 2 }), { test })

const sizes = { width: 16, heads: 4, keyHeads: 2, headSize: 4, maximumLength: 8 }
const options = { clusters: 3, seed: 2 }
const centroids = routing(options).buffers!['centroids']!.create(sizes)

/** The nearest centroid of the head to the vector after a layer norm: the farthest along is the nearest, as all have length 1. */
function clusterOf(x: readonly number[], head: number): number {
  const mean = x.reduce((total, value) => total + value, 0) / 4
  const deviation = Math.sqrt(x.reduce((total, value) => total + (value - mean) ** 2, 0) / 4)
  const normed = x.map((value) => (value - mean) / deviation)
  const distances = Array.from({ length: 3 }, (_, cluster) =>
    normed.reduce(
      (total, value, column) => total + (value - centroids.data[(head * 3 + cluster) * 4 + column]!) ** 2,
      0,
    ),
  )
  return distances.indexOf(Math.min(...distances))
}

testMask(() => routing(options), {
  test,
  cases: [
    {
      title: 'keeps the keys of the own cluster, and the own position',
      queries: 8,
      keys: 8,
      keeps: ({ entry, head, query, key }, vectors) =>
        query === key ||
        clusterOf(vectors.query(entry, head, query), head) === clusterOf(vectors.key(entry, head, key), head),
    },
    {
      title: 'with causal and cached keys, those before',
      queries: 3,
      keys: 8,
      queryStart: 5,
      call: () => ({ beside: [causal()] }),
      keeps: ({ entry, head, query, key }, vectors) =>
        key <= query &&
        (query === key ||
          clusterOf(vectors.query(entry, head, query), head) ===
            clusterOf(vectors.key(entry, head, key), head)),
    },
  ],
})

test('centroids have unit length, each head its own, and are the same for one seed', () => {
  expect(centroids.shape).toEqual([4, 3, 4])
  const rows = Array.from({ length: 12 }, (_, row) =>
    Array.from(centroids.data.subarray(row * 4, row * 4 + 4)),
  )
  for (const row of rows) expect(Math.hypot(...row)).toBeCloseTo(1, 6)
  expect(new Set(rows.map(String)).size).toBe(12)
  expect(routing(options).buffers!['centroids']!.create(sizes).data).toEqual(centroids.data)
})

test.each([
  [
    { clusters: 0 },
    "routing: 'clusters' is 0, expected a whole number of at least 1. Choose about the square root of the length.",
  ],
  [
    { seed: 0.5 },
    "routing: 'seed' is 0.5, expected a whole number of at least 0. Any whole number such as 1 will do.",
  ],
])('%j is refused', (wrong, sentence) => {
  expect(() => routing(wrong)).toThrow(sentence)
})
