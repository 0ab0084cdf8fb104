import { afterEach, describe, expect, test } from 'vitest'
import type { WasmExports } from '../generated/exports.ts'
import { Heap } from '../memory/heap.ts'
import { allBuilds } from '../wasm/all-builds.ts'
import { instantiate } from '../wasm/instantiate.ts'
import { ThreadTeam } from './thread-team.ts'

const source = 65_536
const target = 131_072
const size = 10_000
const opened: ThreadTeam[] = []

afterEach(() => {
  for (const team of opened.splice(0)) team.dispose()
})

function open(threads: number, slices?: number): { team: ThreadTeam; exports: WasmExports; heap: Heap } {
  const heap = new Heap()
  heap.grow(2 ** 20)
  const { exports, module } = instantiate(heap, 'plain', allBuilds)
  const team = new ThreadTeam(threads, exports!, module!, heap, slices)
  opened.push(team)
  for (let index = 0; index < size; index++) heap.float32[source / 4 + index] = Math.sin(index)
  return { team, exports: exports!, heap }
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

declare const performance: { now(): number }
declare function setTimeout(run: () => void, milliseconds: number): unknown

const results = (heap: Heap): Float32Array => heap.float32.slice(target / 4, target / 4 + size)

describe('a job', () => {
  test('has the same numbers for any count of threads and length of pieces', async () => {
    const alone = open(1)
    alone.exports.exp(0, size / 4, target, source)
    const expected = results(alone.heap)
    for (const threads of [2, 3]) {
      const { team, exports, heap } = open(threads)
      await team.ready()
      expect(exports.joined()).toBe(threads - 1)
      for (let round = 0; round < 200; round++) {
        heap.float32.fill(0, target / 4, target / 4 + size)
        team.split(exports.exp, size / 4, 1 + 7 * round, target, source)
        expect(results(heap).every((value, index) => value === expected[index])).toBe(true)
      }
    }
  })

  test('is done without the threads that have not started yet', () => {
    const { team, exports, heap } = open(2)
    team.split(exports.exp, size / 4, 16, target, source)
    expect(heap.float32[target / 4 + size - 1]).toBeCloseTo(Math.exp(Math.sin(size - 1)))
  })

  test('of no units does nothing', () => {
    const { team, exports, heap } = open(2)
    team.split(exports.exp, 0, 16, target, source)
    expect(heap.float32[target / 4]).toBe(0)
  })

  // An engine may miss a growth while it hands the memory to a thread (V8 does, about once in a thousand starts).
  test('may lie in memory that has come while threads started', async () => {
    for (let round = 0; round < 20; round++) {
      const { team, exports, heap } = open(2)
      team.start()
      const end = performance.now() + 22 + (round % 8)
      while (performance.now() < end) heap.memory.grow(1)
      await team.ready()
      const last = heap.memory.buffer.byteLength - 2 ** 16
      for (let byte = 1; byte < 50; byte++) team.split(exports.fillBytes, 2 ** 16, 256, last, byte)
      expect(new Uint8Array(heap.memory.buffer, last).every((byte) => byte === 49)).toBe(true)
      team.dispose()
    }
  })

  test('finds threads that have fallen asleep', async () => {
    const { team, exports, heap } = open(2)
    await team.ready()
    await sleep(50)
    team.split(exports.exp, size / 4, 16, target, source)
    expect(heap.float32[target / 4 + 1]).toBeCloseTo(Math.exp(Math.sin(1)))
  })
})

describe('a thread that dies', () => {
  test('while it waits: the others do its work', async () => {
    const { team, exports, heap } = open(2)
    await team.ready()
    const first = team.threads
    // Sends the other thread away, and leaves this one to go on.
    exports.close()
    await sleep(20)
    team.split(exports.exp, size / 4, 16, target, source)
    expect(first).toBe(2)
    expect(heap.float32[target / 4 + 1]).toBeCloseTo(Math.exp(Math.sin(1)))
  })

  test('in the middle of a piece: an error that says so, and one thread from then on', () => {
    const { team, exports, heap } = open(2, 3)
    // What a thread does that dies: it takes a piece, and is not heard of again.
    const lose: WasmExports['exp'] = (...job) => {
      if (exports.finished() === 0) exports.take()
      exports.exp(...job)
    }
    expect(() => team.split(lose, size / 4, 16, target, source)).toThrow(
      "cpu: 'threads' a thread stopped in the middle of its work",
    )
    expect(team.threads).toBe(1)
    team.split(exports.exp, size / 4, 16, target, source)
    expect(heap.float32[target / 4 + size - 1]).toBeCloseTo(Math.exp(Math.sin(size - 1)))
  })

  test('of what it computes: the error is not lost', async () => {
    const { team, exports, heap } = open(2)
    await team.ready()
    const outside = 2 ** 31
    for (let round = 0; round < 20; round++)
      expect(() => team.split(exports.exp, size / 4, 16, outside, source)).toThrow(/out of bounds/)
    team.split(exports.exp, size / 4, 16, target, source)
    expect(heap.float32[target / 4 + 1]).toBeCloseTo(Math.exp(Math.sin(1)))
  })
})
