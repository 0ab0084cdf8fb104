import { createReferenceBackend, Device, RandomStream } from '@qkv/tensor'
import { expect, test } from 'vitest'
import { sampleTensor } from '../../conformance/sample-values.ts'
import { mismatchOfKeyHeads } from '../../testing/key-head-loops.test-helper.ts'
import {
  causal,
  compose,
  createCache,
  type KeyCache,
  MultiHeadAttention,
  multiHead,
  multiQuery,
  noMask,
  scaledDot,
} from '../../index.ts'

test.each([1, 3, 4])('%i query heads read one key head', (heads) => {
  expect(mismatchOfKeyHeads(multiQuery(), { heads, keyHeads: 1, otherwise: heads })).toBeNull()
})

test('without the part, heads do not share', () => {
  const sizes = { heads: 4, keyHeads: 1, otherwise: 4 }
  expect(mismatchOfKeyHeads({ name: 'nothing', source: '' }, sizes)).toBe('got 4 key heads')
  expect(mismatchOfKeyHeads(multiHead(), sizes)).toBe('got 4 key heads')
})

test('a cache keeps one key and one value of the head size per position', () => {
  const device = new Device(createReferenceBackend())
  const composition = compose([scaledDot(), multiQuery(), causal()])
  const init = { device, random: new RandomStream(1) }
  const attention = new MultiHeadAttention(init, { width: 12, heads: 4, composition })
  const x = sampleTensor(device, [1, 2, 12], 1)
  const cache = createCache(composition) as KeyCache
  attention.forward(x, x, { mask: noMask, side: {}, cache })
  const { key, value } = cache.read()!
  expect([key, value].map(({ shape }) => shape[1]! * shape[3]!)).toEqual([3, 3])
})
