import { expect, test } from 'vitest'
import { testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import { causal, compose, scaledDot } from '../../index.ts'

testMask(() => causal(), {
  test,
  cases: [
    {
      title: 'keeps the keys up to the query',
      queries: 5,
      keys: 5,
      keeps: ({ query, key }) => key <= query,
    },
    {
      title: 'counts queries from where they start',
      queries: 2,
      keys: 6,
      queryStart: 3,
      keeps: ({ query, key }) => key <= query,
    },
  ],
})

test('is data that a fused operation reads', () => {
  expect(causal().mask!(testContext())).toEqual({ kind: 'causal' })
  expect(compose([scaledDot(), causal()]).unfusable).toBeUndefined()
})
