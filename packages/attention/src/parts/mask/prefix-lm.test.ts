import { createReferenceBackend, Device, RandomStream, slice } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { testAttention, testMask } from '../../conformance/index.ts'
import { testContext } from '../../testing/test-context.test-helper.ts'
import {
  type AttentionCache,
  causal,
  compose,
  createCache,
  MultiHeadAttention,
  noMask,
  prefixLm,
  scaledDot,
} from '../../index.ts'

testAttention(() => prefixLm({ length: 2 }), { test })

testMask(() => prefixLm({ length: 3 }), {
  test,
  cases: [
    {
      title: 'keeps the prefix, and what comes before',
      queries: 6,
      keys: 6,
      keeps: ({ query, key }) => key < 3 || key <= query,
    },
    {
      title: 'counts queries from where they start',
      queries: 2,
      keys: 6,
      queryStart: 1,
      keeps: ({ query, key }) => key < 3 || key <= query,
    },
  ],
})

testMask(() => prefixLm(), {
  test,
  cases: [
    {
      title: 'each row has a prefix of its own',
      queries: 5,
      keys: 5,
      call: (device) => ({ side: { prefixLength: device.tensor(Int32Array.of(4, 0)) } }),
      keeps: ({ entry, query, key }) => key < [4, 0][entry]! || key <= query,
    },
  ],
})

test('with a cache whose first call brings the prefix, token by token equals the whole', () => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const composition = compose([scaledDot(), prefixLm({ length: 3 })])
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(3) },
    { width: 4, heads: 2, composition },
  )
  const x = device.tensor(Array.from({ length: 24 }, Math.cos), { shape: [1, 6, 4] })
  const forward = (start: number, size: number, cache: AttentionCache | 'none'): number[] =>
    device.scoped(() => {
      const piece = slice(x, [{}, { start, size }])
      return [...attention.forward(piece, piece, { mask: noMask, side: {}, cache }).readSync()]
    })
  const cache = createCache(composition)
  const pieces = [4, 1, 1].flatMap((size) => forward(cache.length, size, cache))
  expect(mismatch(pieces, forward(0, 6, 'none'), { absolute: 1e-12, relative: 1e-12 })).toBeNull()
  cache.dispose()
})

test.each<[() => unknown, string]>([
  [
    () => prefixLm({ length: 0 }),
    "prefix-lm: 'length' is 0, expected a whole number of at least 1. Without a prefix, `causal` says what you mean.",
  ],
  [
    () => compose([scaledDot(), prefixLm(), causal()]),
    "compose: 'prefix-lm' is composed with 'causal', but it hides the prefix's later positions, which are what 'prefix-lm' shows, " +
      "expected parts other than 'causal' beside 'prefix-lm'. Remove one of the two.",
  ],
  [
    () => prefixLm().mask!(testContext()),
    "prefix-lm: 'side.prefixLength' is 'none', expected int32 [batch], the number of positions of each prefix. " +
      'Pass it, or say one for all with the option `length`.',
  ],
  [
    () => {
      const device = new Device(createReferenceBackend())
      const lengths = device.tensor([[1, 2]], { dtype: 'int32' })
      return prefixLm().mask!(testContext({ device, keyLength: 4, sideInput: () => lengths }))
    },
    "prefix-lm: 'side.prefixLength' has shape [1, 2], expected [1], a number of positions for each text.",
  ],
])('refuses what it cannot do, %#', (call, sentence) => {
  expect(call).toThrow(sentence)
})
