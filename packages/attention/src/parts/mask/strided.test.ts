import { createReferenceBackend, Device } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { keepTensor, strided } from '../../index.ts'

testAttention(() => strided({ stride: 2 }), { test })
testAttention(() => strided({ stride: 2, pattern: 'fixed' }), { test })

testMask(() => strided({ stride: 4 }), {
  test,
  cases: [
    {
      // A1 = {t, ..., i} with t = max(0, i - l); A2 = {j ≤ i : (i - j) mod l = 0}.
      title: 'keeps the last 4 before the query, and every 4th one',
      queries: 14,
      keys: 14,
      keeps: ({ query, key }) => key <= query && (key >= Math.max(0, query - 4) || (query - key) % 4 === 0),
    },
    {
      title: 'counts queries from where they start',
      queries: 3,
      keys: 12,
      queryStart: 9,
      keeps: ({ query, key }) => key <= query && (key >= query - 4 || (query - key) % 4 === 0),
    },
  ],
})

testMask(() => strided({ stride: 4, pattern: 'fixed', summary: 2 }), {
  test,
  cases: [
    {
      // A1 = {j ≤ i : ⌊j / l⌋ = ⌊i / l⌋}; A2 = {j ≤ i : j mod l in {l - c, ..., l - 1}}.
      title: 'keeps the own block, and the ends of the blocks before',
      queries: 14,
      keys: 14,
      keeps: ({ query, key }) =>
        key <= query && (Math.floor(key / 4) === Math.floor(query / 4) || [2, 3].includes(key % 4)),
    },
    {
      title: 'counts queries from where they start, in fixed blocks',
      queries: 3,
      keys: 10,
      queryStart: 6,
      keeps: ({ query, key }) =>
        key <= query && (Math.floor(key / 4) === Math.floor(query / 4) || [2, 3].includes(key % 4)),
    },
  ],
})

test.each(['strided', 'fixed'] as const)(
  'in the %s pattern every earlier position is reached in two steps',
  (pattern) => {
    const device = new Device(createReferenceBackend())
    const length = 20
    const sizes = { device, heads: 1, queryStart: 0, queryLength: length, keyLength: length }
    const keep = keepTensor(strided({ stride: 4, pattern }).mask!(testContext(sizes)), sizes)!
    const values = keep.readSync()
    const sees = (query: number, key: number): boolean => values[query * length + key] === 1
    const all = Array.from({ length }, (_, index) => index)
    const missed = all.flatMap((query) =>
      all.filter((key) => key <= query && !all.some((step) => sees(query, step) && sees(step, key))),
    )
    expect(missed).toEqual([])
    // From 4 positions on, each sees fewer than those before it.
    expect(all.filter((key) => sees(19, key)).length).toBeLessThan(12)
  },
)

test.each([
  [
    { stride: 0 },
    "strided: 'stride' is 0, expected a whole number of at least 1. Choose about the square root of the length.",
  ],
  [
    { stride: 4, summary: 5 },
    "strided: 'summary' is 5, expected at most the stride, 4. Make the stride longer.",
  ],
  [
    { pattern: 'random' as 'fixed' },
    "strided: 'pattern' is 'random', expected 'strided' or 'fixed'. Use 'fixed' for text.",
  ],
])('%j is refused', (options, sentence) => {
  expect(() => strided(options)).toThrow(sentence)
})
