import { createReferenceBackend, Device, RandomStream, slice, type Tensor } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import {
  alibi,
  type AttentionPart,
  causal,
  compose,
  fullCache,
  type KeyCache,
  MultiHeadAttention,
  noMask,
  ringCache,
  rope,
  scaledDot,
  streaming,
} from '../index.ts'

const [batch, length, width] = [2, 30, 8]
const sizes = { window: 6, sinks: 2 }

/** What an attention makes of one text that comes in pieces, and the last read of its cache. */
function inPieces(
  parts: readonly AttentionPart[],
  pieces: readonly number[],
  cache: KeyCache | 'none',
): number[] {
  const device = new Device(createReferenceBackend({ precision: 'float64' }))
  const init = { device, random: new RandomStream(3) }
  const attention = new MultiHeadAttention(init, {
    width,
    heads: 2,
    composition: compose([scaledDot(), ...parts]),
    maximumLength: length,
  })
  const x = device.tensor(
    Array.from({ length: batch * length * width }, (_, index) => Math.sin(index * index + 1)),
    { shape: [batch, length, width] },
  )
  const rows: number[][] = Array.from({ length: batch }, () => [])
  let start = 0
  for (const size of pieces) {
    const output = device.scoped(() => {
      const piece = slice(x, [{}, { start, size }])
      return [...attention.forward(piece, piece, { mask: noMask, side: {}, cache }).readSync()]
    })
    for (const [entry, row] of rows.entries())
      row.push(...output.slice(entry * size * width, (entry + 1) * size * width))
    start += size
  }
  return rows.flat()
}

const ones = new Array<number>(length).fill(1)
const close = { absolute: 1e-12, relative: 1e-10 }

test.each<[string, readonly AttentionPart[], readonly number[]]>([
  ['token by token, without a mask of its own', [rope(), causal()], ones],
  ['token by token', [rope(), streaming(sizes), causal()], ones],
  ['in pieces of less, as much and more than the window', [rope(), streaming(sizes)], [1, 3, 5, 7, 2, 12]],
  ['from a long text on', [rope(), streaming(sizes)], [20, 1, 1, 4, 1, 3]],
  ['with a piece that ends where the cache is full', [rope(), streaming(sizes)], [8, 1, 8, 6, 7]],
])('gives what full attention under `streaming` gives: %s', (_, parts, pieces) => {
  const wanted = inPieces([rope(), streaming(sizes)], [length], 'none')
  expect(mismatch(inPieces(parts, pieces, ringCache(sizes)), wanted, close)).toBeNull()
  const others = inPieces([rope(), causal()], [length], 'none')
  expect(mismatch(others, wanted, close)).not.toBeNull()
})

test('without sinks, distances of the score stages are those of the text', () => {
  const parts = [alibi(), streaming({ window: 6, sinks: 0 })]
  const wanted = inPieces(parts, [length], 'none')
  expect(mismatch(inPieces(parts, [9, 1, 4, 16], ringCache({ window: 6 })), wanted, close)).toBeNull()
})

test('as long as nothing is let go of, it is the full cache', () => {
  const pieces = [4, 1, 25]
  const got = inPieces([causal()], pieces, ringCache({ window: length }))
  expect(got).toEqual(inPieces([causal()], pieces, fullCache()))
})

/** Keys whose every number is its position. */
function positions(device: Device, start: number, count: number): Tensor {
  return device.tensor(
    Array.from({ length: count }, (_, index) => start + index),
    { shape: [1, 1, count, 1] },
  )
}

function heldBy({ key, length: count }: { readonly key: Tensor; readonly length: number }): number[] {
  return [...key.readSync()].slice(0, count)
}

test('a call attends to all that its queries see, and then only the ends are kept', () => {
  const device = new Device(createReferenceBackend())
  const cache = ringCache({ window: 3, sinks: 2 })
  const append = (start: number, count: number): (number[] | number)[] =>
    device.scoped(() => {
      const attended = cache.append(positions(device, start, count), positions(device, start, count))
      return [heldBy(attended), attended.dropped ?? 0]
    })
  const stored = (): (number[] | number)[] => [heldBy(cache.read()!), cache.read()!.dropped!]
  expect(append(0, 1)).toEqual([[0], 0])
  expect(append(1, 6)).toEqual([[0, 1, 2, 3, 4, 5, 6], 0])
  expect(stored()).toEqual([[0, 1, 4, 5, 6], 2])
  expect(append(7, 1)).toEqual([[0, 1, 5, 6, 7], 3])
  expect(append(8, 2)).toEqual([[0, 1, 6, 7, 8, 9], 4])
  expect(stored()).toEqual([[0, 1, 7, 8, 9], 5])
  expect(cache.length).toBe(10)
  cache.dispose()
  expect(cache.read()).toBeUndefined()
  expect([cache.length, device.memory().liveBuffers]).toEqual([0, 0])
})

test('memory is the same from the first token to the last of 1,000', () => {
  const device = new Device(createReferenceBackend())
  const cache = ringCache({ window: 12, sinks: 4 })
  const memory = new Set<string>()
  for (let position = 0; position < 1000; position++) {
    device.scoped(() => cache.append(positions(device, position, 1), positions(device, position, 1)))
    const { liveBuffers, liveBytes } = device.memory()
    memory.add(`${liveBuffers} buffers, ${liveBytes} bytes`)
  }
  expect([...memory]).toEqual([`2 buffers, ${2 * 16 * 4} bytes`])
  expect(heldBy(cache.read()!)).toEqual([
    0,
    1,
    2,
    3,
    ...Array.from({ length: 12 }, (_, index) => 988 + index),
  ])
  expect(device.memory().refusedDonations).toBe(0)
  cache.dispose()
})

test.each([
  [
    { window: 0 },
    "ringCache: 'window' is 0, expected a whole number of at least 1. Give the number of positions, such as 252.",
  ],
  [
    JSON.parse('{ "sinks": 4 }') as { window: number },
    "ringCache: 'window' is undefined, expected a whole number of at least 1. Give the number of positions, such as 252.",
  ],
  [
    { window: 4, sinks: -1 },
    "ringCache: 'sinks' is -1, expected a whole number of at least 0. Give the number of positions, such as 4.",
  ],
])('sizes of %j are refused', (options, sentence) => {
  expect(() => ringCache(options)).toThrow(sentence)
})
