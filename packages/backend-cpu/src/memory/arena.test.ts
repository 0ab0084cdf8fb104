import type { TensorSpec } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arena, type CpuBuffer } from './arena.ts'
import { Heap } from './heap.ts'
import { classOf, linesOf } from './size-class.ts'

function floats(length: number): TensorSpec {
  return { shape: [length], dtype: 'float32' }
}

describe('size classes', () => {
  test('hold what they are asked for, and waste at most an eighth of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 26 }), (lines) => {
        const size = linesOf(classOf(lines))
        expect(size).toBeGreaterThanOrEqual(lines)
        expect(size - lines).toBeLessThanOrEqual(lines / 8)
        expect(classOf(size)).toBe(classOf(lines))
      }),
    )
  })
})

describe('blocks', () => {
  test('never overlap, are aligned, and lie within the heap', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.nat()), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (list) => {
        const arena = new Arena(new Heap())
        const live: CpuBuffer[] = []
        for (const [length, choice] of list) {
          if (choice % 3 === 0 && live.length > 0) arena.release(live.splice(choice % live.length, 1)[0]!)
          else live.push(arena.allocate(floats(length)))
        }
        expect(arena.liveBuffers).toBe(live.length)
        expect(arena.liveBytes).toBe(live.reduce((total, { byteLength }) => total + byteLength, 0))
        const sorted = live.toSorted((a, b) => a.address - b.address)
        for (const [index, { address, byteLength }] of sorted.entries()) {
          expect(address % 64).toBe(0)
          expect(address + Math.max(byteLength, 1)).toBeLessThanOrEqual(
            sorted[index + 1]?.address ?? arena.heap.byteLength,
          )
        }
      }),
    )
  })

  test('of one size are used again, without growth', () => {
    const arena = new Arena(new Heap())
    const first = arena.allocate(floats(100_000))
    const { byteLength } = arena.heap
    arena.release(first)
    expect(arena.allocate(floats(99_999)).address).toBe(first.address)
    expect(arena.heap.byteLength).toBe(byteLength)
  })

  test('merge to make room for a larger one, before the limit is an error', () => {
    const arena = new Arena(new Heap(2 ** 21))
    const small = Array.from({ length: 30 }, () => arena.allocate(floats(16_384)))
    for (const buffer of small) arena.release(buffer)
    expect(arena.allocate(floats(400_000)).byteLength).toBe(1_600_000)
  })

  test('of a failed call are taken back', () => {
    const arena = new Arena(new Heap())
    const before = arena.allocate(floats(3))
    arena.begin()
    arena.allocate(floats(4))
    arena.undo()
    expect(arena.liveBuffers).toBe(1)
    arena.release(before)
  })

  test('working space keeps its place, and grows', () => {
    const arena = new Arena(new Heap())
    const address = arena.scratch(1000)
    expect(arena.scratch(500)).toBe(address)
    const larger = arena.scratch(100_000)
    const buffer = arena.allocate(floats(10_000))
    expect(buffer.address + buffer.byteLength <= larger || buffer.address >= larger + 100_000).toBe(true)
    expect(arena.liveBuffers).toBe(1)
  })
})

describe('errors', () => {
  test('a second release', () => {
    const arena = new Arena(new Heap())
    const buffer = arena.allocate(floats(1))
    arena.release(buffer)
    expect(() => arena.release(buffer)).toThrow("cpu: 'handle' was released")
  })

  test('a buffer of another arena', () => {
    const buffer = new Arena(new Heap()).allocate(floats(1))
    expect(() => new Arena(new Heap()).own(buffer)).toThrow("belongs to another device ('cpu')")
  })

  test('the limit, with sizes and what to lower', () => {
    const arena = new Arena(new Heap(2 ** 20))
    expect(() => arena.allocate(floats(2 ** 20))).toThrow(
      /has no room for float32 \[1048576\] of 4 MiB beside tensors of 0 bytes, expected at most 1 MiB\. Lower the batch size/,
    )
    const kept = Array.from({ length: 3 }, () => arena.allocate(floats(2 ** 16)))
    expect(() => arena.allocate(floats(2 ** 17))).toThrow('expected at most 1 MiB')
    for (const buffer of kept) arena.release(buffer)
    expect(arena.liveBytes).toBe(0)
  })
})
