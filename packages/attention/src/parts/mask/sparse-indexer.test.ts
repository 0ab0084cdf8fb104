import { type Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { type MaskPlace, type MaskVectors, testAttention, testMask } from '../../conformance/index.ts'
import { sampleValues } from '../../conformance/sample-values.ts'
import { causal, sparseIndexer } from '../../index.ts'

testAttention(() => sparseIndexer({ k: 2, indexHeads: 2, indexSize: 3 }), { test })

const [indexHeads, indexSize] = [2, 3]
const weights = {
  query: { shape: [16, indexHeads * indexSize], values: sampleValues(16 * indexHeads * indexSize, 1) },
  key: { shape: [8, indexSize], values: sampleValues(8 * indexSize, 2) },
  weight: { shape: [16, indexHeads], values: sampleValues(16 * indexHeads, 3) },
}

const parametersOn = (device: Device) => ({
  'sparse-indexer': Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, device.tensor(values, { shape })]),
  ),
})

/** A row of the joined heads times a column of a weight. */
function mapped(
  row: readonly number[],
  { shape, values }: { shape: number[]; values: number[] },
  column: number,
): number {
  return row.reduce((total, x, index) => total + x * values[index * shape[1]! + column]!, 0)
}

/** I = Σ_h w_h ReLU(q_h·k), pair by pair. */
function indexScore(entry: number, query: number, key: number, vectors: MaskVectors): number {
  const asking = [0, 1, 2, 3].flatMap((head) => vectors.query(entry, head, query))
  // Heads 0 and 2 read the two key heads.
  const asked = [0, 2].flatMap((head) => vectors.key(entry, head, key))
  let total = 0
  for (let head = 0; head < indexHeads; head++) {
    let product = 0
    for (let column = 0; column < indexSize; column++) {
      product += mapped(asking, weights.query, head * indexSize + column) * mapped(asked, weights.key, column)
    }
    total += mapped(asking, weights.weight, head) * Math.max(0, product)
  }
  return total
}

/** Whether fewer than 3 of the keys before `end` score better, the earlier ones of equals first. */
function picked({ entry, query, key }: MaskPlace, vectors: MaskVectors, end: number): boolean {
  const own = indexScore(entry, query, key, vectors)
  const before = Array.from({ length: end }, (_, other) => other).filter((other) => {
    const score = indexScore(entry, query, other, vectors)
    return score > own || (score === own && other < key)
  })
  return key < end && before.length < 3
}

testMask(() => sparseIndexer({ k: 3, indexHeads, indexSize }), {
  test,
  cases: [
    {
      title: 'keeps the 3 keys that its scorer likes best, in all heads',
      queries: 6,
      keys: 6,
      call: (device) => ({ parameters: parametersOn(device) }),
      keeps: (place, vectors) => picked(place, vectors, 6),
    },
    {
      title: 'with causal and cached keys, of those before',
      queries: 3,
      keys: 7,
      queryStart: 4,
      call: (device) => ({ beside: [causal()], parameters: parametersOn(device) }),
      keeps: (place, vectors) => picked(place, vectors, place.query + 1),
    },
  ],
})

test.each([
  [
    { k: 0 },
    "sparse-indexer: 'k' is 0, expected a whole number of at least 1. Give the number of keys, such as 64.",
  ],
  [
    { indexHeads: 0 },
    "sparse-indexer: 'indexHeads' is 0, expected a whole number of at least 1. Give the number of heads, such as 4.",
  ],
  [
    { indexSize: 1.5 },
    "sparse-indexer: 'indexSize' is 1.5, expected a whole number of at least 1. Give the number of columns, such as 16.",
  ],
])('%j is refused', (options, sentence) => {
  expect(() => sparseIndexer(options)).toThrow(sentence)
})
