import { concat, createReferenceBackend, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { sampleTensor } from './conformance/sample-values.ts'
import { joinHeads, splitHeads } from './heads.ts'
import {
  type AttentionPart,
  causal,
  compose,
  createCache,
  linear,
  MultiHeadAttention,
  noMask,
  rope,
  scaledDot,
  type Tap,
} from './index.ts'

const device = new Device(createReferenceBackend({ precision: 'float64' }))
const exact = { absolute: 1e-12, relative: 1e-10 }
const twice = (x: Tensor): Tensor => concat([x, x], { axis: 3 })

/** Keeps the input in one head; queries and keys are twice as wide as values. */
const inputKeeper: AttentionPart = {
  name: 'input-keeper',
  source: 'a test',
  project: ({ heads }, queryInput, keyInput) => ({
    query: twice(splitHeads(queryInput, heads)),
    key: splitHeads(keyInput, 1),
    value: splitHeads(keyInput, 1),
  }),
  expand: ({ heads }, key, value) => ({
    key: twice(splitHeads(joinHeads(key), heads)),
    value: splitHeads(joinHeads(value), heads),
  }),
}

function create(parts: readonly AttentionPart[]): MultiHeadAttention {
  const init = { device, random: new RandomStream(3) }
  return new MultiHeadAttention(init, { width: 4, heads: 2, composition: compose(parts) })
}

test('fused, scores are scaled by the head size of the queries', () => {
  const attention = create([scaledDot(), inputKeeper, causal()])
  const x = sampleTensor(device, [1, 3, 4], 1)
  const output = (tap?: Tap): Tensor =>
    attention.forward(x, x, { mask: noMask, side: {}, cache: 'none', tap })
  const staged = output((_, tensor) => tensor)
  expect(mismatch(output().readSync(), Array.from(staged.readSync()), exact)).toBeNull()
})

test('a recurrence goes on with expanded keys and values', () => {
  const parts = [linear(), inputKeeper, causal()]
  const attention = create(parts)
  const x = sampleTensor(device, [1, 3, 4], 1)
  const full = attention.forward(x, x, { mask: noMask, side: {}, cache: 'none' })
  const cache = createCache(compose(parts))
  const steps = [0, 1, 2].flatMap((start) => {
    const row = slice(x, [{}, { start, size: 1 }])
    return Array.from(attention.forward(row, row, { mask: noMask, side: {}, cache }).readSync())
  })
  expect(mismatch(steps, Array.from(full.readSync()), exact)).toBeNull()
})

test('what is no key yet cannot be turned as one', () => {
  expect(() => compose([scaledDot(), rope(), inputKeeper])).toThrow(
    "compose: 'rope' changes queries, keys or values before they are cached, but 'input-keeper' caches something smaller, " +
      "expected parts without a queryKey stage beside 'input-keeper'. Remove one of the two.",
  )
})
