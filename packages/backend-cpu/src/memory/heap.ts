import { BackendError } from '@qkv/tensor'
import { type WasmMemory, webAssembly } from '../wasm/web-assembly.ts'

const pageBytes = 65_536
const megabyte = 2 ** 20

/** What 32-bit addresses reach. */
export const largestHeap: number = 2 ** 32

/** The beginning of the heap belongs to the constants and the threads of the WebAssembly kernels: no tensor lies there. */
export const reservedBytes = 16_384

/** The end of the heap is kept free as well, for kernels that read whole vectors up to past the last element. */
export const guardBytes = 64

/** Browsers say whether a page is isolated; Node, which has no pages, says nothing. */
const platform = globalThis as { readonly crossOriginIsolated?: boolean }

/**
 * One growing stretch of memory, seen through a typed array per element type.
 *
 * It is a WebAssembly memory, which the kernels of assembly/ compute in. It is a shared one where
 * the platform has them: growing it detaches no view, and engines access arrays faster while none was ever detached.
 *
 * Growing replaces the views: read them after the last allocation.
 */
export class Heap {
  readonly limit: number
  float32!: Float32Array
  float64!: Float64Array
  int32!: Int32Array
  uint8!: Uint8Array
  uint16!: Uint16Array
  int8!: Int8Array
  readonly memory: WasmMemory
  /** Whether it was made as a memory that threads share. */
  readonly shared: boolean
  /** Whether other threads can get it: a page that is not cross-origin isolated may have shared memory, but not send it. */
  readonly sendable: boolean

  constructor(limit: number = largestHeap) {
    this.limit = Math.min(Math.max(Math.floor(limit / pageBytes), 1) * pageBytes, largestHeap)
    const { memory, shared } = openMemory(this.limit / pageBytes)
    this.memory = memory
    this.shared = shared
    this.sendable = shared && platform.crossOriginIsolated !== false
    this.#refresh()
  }

  get byteLength(): number {
    return this.uint8.length
  }

  /** Makes the heap at least `byteLength` long; throws a `BackendError` when that passes the limit, or the platform refuses it. */
  grow(byteLength: number): void {
    if (byteLength > this.limit) throw this.#growthError(byteLength, `at most ${formatBytes(this.limit)}`)
    const roomy = Math.ceil(Math.max(byteLength, this.byteLength * 1.5) / megabyte) * megabyte
    const enough = Math.ceil(byteLength / pageBytes) * pageBytes
    if (!this.#tryGrow(Math.min(roomy, this.limit)) && !this.#tryGrow(enough))
      throw this.#growthError(byteLength, 'no more than this platform has free for it')
    this.#refresh()
  }

  #tryGrow(byteLength: number): boolean {
    try {
      this.memory.grow((byteLength - this.byteLength) / pageBytes)
      return true
    } catch {
      return false
    }
  }

  #refresh(): void {
    const { buffer } = this.memory
    this.float32 = new Float32Array(buffer)
    this.float64 = new Float64Array(buffer)
    this.int32 = new Int32Array(buffer)
    this.uint8 = new Uint8Array(buffer)
    this.uint16 = new Uint16Array(buffer)
    this.int8 = new Int8Array(buffer)
  }

  #growthError(byteLength: number, expected: string): BackendError {
    return new BackendError({
      operation: 'cpu',
      argument: 'memory',
      got: `would grow from ${formatBytes(this.byteLength)} to ${formatBytes(byteLength)}`,
      expected,
      fix: 'Lower the batch size, the sequence length or the width of the model, or dispose tensors earlier with scopes.',
    })
  }
}

function openMemory(maximum: number): { readonly memory: WasmMemory; readonly shared: boolean } {
  // Pages without cross-origin isolation may have no shared memory; a plain one gives the same results.
  for (const shared of [true, false]) {
    try {
      return { memory: new webAssembly.Memory({ initial: 1, maximum, shared }), shared }
    } catch {
      continue
    }
  }
  throw new BackendError({
    operation: 'cpu',
    argument: 'memoryLimit',
    got: `is ${formatBytes(maximum * pageBytes)}, which this platform refuses to reserve`,
    expected: 'a size that the address space has room for',
    fix: 'Set a lower `memoryLimit`, or close devices that are no longer needed.',
  })
}

/** A size in words: `12.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  let unit = 0
  let value = bytes
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${Number(value.toFixed(2))} ${units[unit]}`
}
