import { createReferenceBackend, Device, gather, RandomStream, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import {
  type AttentionCache,
  type AttentionPart,
  causal,
  compose,
  fullCache,
  linear,
  MultiHeadAttention,
  noMask,
  quantizedCache,
  ringCache,
  rope,
  scaledDot,
  stateCache,
} from '../index.ts'

const [length, width] = [9, 8]
const before = 5
/** Which beams go on: one twice, one not at all. */
const rows = [2, 2, 0]
const dots = [scaledDot(), rope(), causal()]

test.each<[string, readonly AttentionPart[], () => AttentionCache]>([
  ['full', dots, fullCache],
  ['ring', dots, () => ringCache({ window: 3, sinks: 1 })],
  ['quantised', dots, () => quantizedCache()],
  ['quantised ring', dots, () => quantizedCache({ inner: () => ringCache({ window: 3, sinks: 1 }) })],
  ['state', [linear(), causal()], stateCache],
])('beams that go on with a %s cache are those that were chosen from the start', (_, parts, create) => {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const attention = new MultiHeadAttention(
    { device, random: new RandomStream(3) },
    { width, heads: 2, composition: compose(parts), maximumLength: length },
  )
  const texts = device.tensor(
    Array.from({ length: 3 * length * width }, (_, index) => Math.sin(index * index + 1)),
    { shape: [3, length, width] },
  )
  const chosen = device.tensor(Int32Array.from(rows))
  const forward = (x: Tensor, position: number, cache: AttentionCache): number[] =>
    device.scoped(() => {
      const token = slice(x, [{}, { start: position, size: 1 }])
      return [...attention.forward(token, token, { mask: noMask, side: {}, cache }).readSync()]
    })
  const reordered = gather(texts, chosen)
  const [selected, straight] = [create(), create()]
  for (let position = 0; position < before; position++) {
    forward(texts, position, selected)
    forward(reordered, position, straight)
  }
  device.scoped(() => selected.select(chosen))
  for (let position = before; position < length; position++) {
    const wanted = forward(reordered, position, straight)
    const got = forward(reordered, position, selected)
    expect(mismatch(got, wanted, { absolute: 1e-12, relative: 1e-12 })).toBeNull()
    // The second beam has the past of the first, the third another one.
    expect(got.slice(0, width)).toEqual(got.slice(width, 2 * width))
    expect(got.slice(0, width)).not.toEqual(got.slice(2 * width))
  }
  expect(selected.length).toBe(length)
})
