import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { causal, streaming } from '../../index.ts'

testAttention(() => streaming({ window: 2, sinks: 1 }), { test })

testMask(() => streaming({ window: 3, sinks: 2 }), {
  test,
  cases: [
    {
      title: 'keeps the first 2 positions and the last 3, none of the future',
      queries: 9,
      keys: 9,
      keeps: ({ query, key }) => key <= query && (key < 2 || query - key < 3),
    },
    {
      title: 'counts queries from where they start',
      queries: 2,
      keys: 9,
      queryStart: 7,
      call: () => ({ beside: [causal()] }),
      keeps: ({ query, key }) => [0, 1, query - 2, query - 1, query].includes(key),
    },
  ],
})

test.each([
  [
    { window: 0 },
    "streaming: 'window' is 0, expected a whole number of at least 1. Give the number of positions, such as 1020.",
  ],
  [
    { sinks: 1.5 },
    "streaming: 'sinks' is 1.5, expected a whole number of at least 0. Give the number of positions; the paper uses 4.",
  ],
])('%j is refused', (options, sentence) => {
  expect(() => streaming(options)).toThrow(sentence)
})
