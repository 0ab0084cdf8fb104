import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { causal, dilated } from '../../index.ts'

testAttention(() => dilated({ window: 1, dilation: 2 }), { test })

testMask(() => dilated({ window: 2, dilation: 3 }), {
  test,
  cases: [
    {
      // The keys themselves: two on either side, three positions from one to the next.
      title: 'keeps two keys on either side, three positions apart',
      queries: 14,
      keys: 14,
      keeps: ({ query, key }) => [-6, -3, 0, 3, 6].includes(key - query),
    },
    {
      title: 'counts queries from where they start',
      queries: 2,
      keys: 12,
      queryStart: 10,
      call: () => ({ beside: [causal()] }),
      keeps: ({ query, key }) => [query - 6, query - 3, query].includes(key),
    },
  ],
})

testMask(() => dilated({ window: 2, dilation: 1 }), {
  test,
  cases: [
    {
      title: 'without gaps is a sliding window',
      queries: 6,
      keys: 6,
      keeps: ({ query, key }) => Math.abs(query - key) <= 2,
    },
  ],
})

test.each([
  [
    { window: 0 },
    "dilated: 'window' is 0, expected a whole number of at least 1. Give the number of keys on either side, such as 64.",
  ],
  [
    { dilation: 0 },
    "dilated: 'dilation' is 0, expected a whole number of at least 1. A dilation of 1 has no gaps.",
  ],
])('%j is refused', (options, sentence) => {
  expect(() => dilated(options)).toThrow(sentence)
})
