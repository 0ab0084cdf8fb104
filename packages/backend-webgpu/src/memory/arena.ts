import { type BufferHandle, sizeOf, type TensorSpec } from '@qkv/tensor'
import { webGpuError } from '../errors.ts'
import type { Block, BufferPool } from './buffer-pool.ts'
import type { IntegerRange } from './integer-range.ts'

/** Storage of one tensor on the GPU. */
export interface GpuHandle extends BufferHandle {
  readonly block: Block
  /** What is known of the integers in it; `undefined` once an operation may have written there. */
  range: IntegerRange | undefined
}

/** Every element takes four bytes: what is `bool` or `int8` elsewhere is a 32-bit integer here. */
const bytesPerElement = 4

/** Hands out buffers as handles, and counts those that are alive. */
export class Arena {
  readonly #pool: BufferPool
  readonly #largest: number
  readonly #live = new Set<BufferHandle>()
  readonly #started: GpuHandle[] = []
  #liveBytes = 0
  #closed = false

  /** `largest` is the most bytes of a buffer that kernels can bind. */
  constructor(pool: BufferPool, largest: number) {
    this.#pool = pool
    this.#largest = largest
  }

  get liveBuffers(): number {
    return this.#live.size
  }

  get liveBytes(): number {
    return this.#liveBytes
  }

  /** A call begins: what is allocated from here on belongs to it, until the next one begins. */
  begin(): void {
    this.#started.length = 0
  }

  /** Releases what the current call has allocated, and not released itself. */
  undo(): void {
    for (const handle of this.#started) if (this.#live.has(handle)) this.release(handle)
    this.#started.length = 0
  }

  /** A buffer for a tensor; throws a `BackendError` when it is longer than a kernel of this GPU can reach. */
  allocate({ shape }: Pick<TensorSpec, 'shape'>, exceptBatch?: number): GpuHandle {
    const byteLength = sizeOf(shape) * bytesPerElement
    if (byteLength > this.#largest) {
      throw webGpuError({
        argument: 'shape',
        got: `[${shape.join(', ')}] takes ${byteLength} bytes`,
        expected: `no more than ${this.#largest} bytes, the longest buffer that this GPU binds (maxStorageBufferBindingSize)`,
        fix: 'Lower the batch size, cut the tensor into parts, or use the backend cpu, which has no such limit.',
      })
    }
    const block = this.#pool.acquire(byteLength, exceptBatch)
    const handle: GpuHandle = { owner: 'webgpu', byteLength, block, range: undefined }
    this.#live.add(handle)
    this.#started.push(handle)
    this.#liveBytes += block.bytes
    return handle
  }

  /** The handle as one of this backend; throws a `BackendError` when it is none, or was released. */
  own(handle: BufferHandle): GpuHandle {
    if (this.#live.has(handle)) return handle as GpuHandle
    throw webGpuError({
      argument: 'handle',
      got:
        handle.owner === 'webgpu'
          ? 'was released, or is of another device'
          : `belongs to backend '${handle.owner}'`,
      expected: 'a live buffer of this device',
      fix: 'Move tensors between devices with `moveTo`.',
    })
  }

  release(handle: BufferHandle): void {
    if (this.#closed) return
    const own = this.own(handle)
    this.#live.delete(own)
    this.#liveBytes -= own.block.bytes
    this.#pool.release(own.block)
  }

  /** All buffers are gone, with the device. */
  close(): void {
    this.#closed = true
    this.#live.clear()
    this.#liveBytes = 0
  }
}
