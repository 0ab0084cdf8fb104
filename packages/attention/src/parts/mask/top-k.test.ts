import { createReferenceBackend, Device } from '@qkv/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testAttention, testMask, type MaskVectors } from '../../conformance/index.ts'
import { dot } from '../../testing/by-loops.test-helper.ts'
import { type AttentionContext, causal, topK } from '../../index.ts'

testAttention(() => topK({ k: 2 }), { test })

/** How many of the keys before `end` score above one of them. */
function better(
  vectors: MaskVectors,
  entry: number,
  head: number,
  query: number,
  key: number,
  end: number,
): number {
  const asking = vectors.query(entry, head, query)
  const own = dot(asking, vectors.key(entry, head, key))
  return Array.from({ length: end }, (_, other) => dot(asking, vectors.key(entry, head, other))).filter(
    (score) => score > own,
  ).length
}

testMask(() => topK({ k: 3 }), {
  test,
  cases: [
    {
      title: 'keeps the 3 keys that score best',
      queries: 4,
      keys: 9,
      keeps: ({ entry, head, query, key }, vectors) => better(vectors, entry, head, query, key, 9) < 3,
    },
    {
      title: 'with causal and cached keys, the best of those before',
      queries: 4,
      keys: 7,
      queryStart: 3,
      call: () => ({ beside: [causal()] }),
      keeps: ({ entry, head, query, key }, vectors) =>
        key <= query && better(vectors, entry, head, query, key, query + 1) < 3,
    },
    {
      title: 'with causal, all of a row that has fewer',
      queries: 3,
      keys: 5,
      call: () => ({ beside: [causal()] }),
      keeps: ({ query, key }) => key <= query,
    },
  ],
})

test('for any scores, ties and masks it keeps the first of the largest', () => {
  const device = new Device(createReferenceBackend())
  // Few values, so that most are ties.
  const score = fc.constantFrom(-Infinity, -1, 0, 0.5, 1e30)
  const row = fc.array(fc.tuple(score, fc.boolean()), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(row, fc.integer({ min: 1, max: 10 }), (keys, k) => {
      device.scoped(() => {
        const scores = device.tensor(
          keys.map(([value]) => value),
          { shape: [1, 1, 1, keys.length] },
        )
        const keep = device.tensor(
          keys.map(([, kept]) => kept),
          { shape: [keys.length] },
        )
        const got = topK({ k }).select!({} as AttentionContext, scores, scores, scores, keep).readSync()
        const wanted = keys
          .flatMap(([value, kept], index) => (kept ? [{ value, index }] : []))
          .toSorted((a, b) => (a.value === b.value ? a.index - b.index : b.value - a.value))
          .slice(0, k)
          .map(({ index }) => index)
        const finite = (index: number): boolean => keys[index]![0] > -Infinity
        const kept = [...got].flatMap((flag, index) => (flag === 1 ? [index] : []))
        // A score of minus infinity has no weight, whether it is kept or not.
        expect(kept.filter(finite)).toEqual(wanted.filter(finite).toSorted((a, b) => a - b))
        expect(kept.filter((index) => !keys[index]![1])).toEqual([])
      })
    }),
    { numRuns: 200 },
  )
})

test.each([
  [{ k: 0 }, "top-k: 'k' is 0, expected a whole number of at least 1. Give the number of keys, such as 8."],
  [
    { k: 2.5 },
    "top-k: 'k' is 2.5, expected a whole number of at least 1. Give the number of keys, such as 8.",
  ],
])('%j is refused', (options, sentence) => {
  expect(() => topK(options)).toThrow(sentence)
})
