import { bufferUsage } from '../platform/usage.ts'
import { sizeClass } from './size-class.ts'

/** The longest buffer that kernels can bind and read in vectors of 16 bytes, to its end. */
export function longestBuffer({ maxStorageBufferBindingSize, maxBufferSize }: GPUSupportedLimits): number {
  const largest = Math.min(maxStorageBufferBindingSize, maxBufferSize)
  return largest - (largest % 16)
}

/** A buffer of the GPU, and when it was last used. */
export interface Block {
  readonly id: number
  readonly buffer: GPUBuffer
  readonly bytes: number
  /** The number of the last batch of commands that names it. */
  batch: number
}

/**
 * Buffers by size class. Commands run in the order in which they are made, so a released buffer may be handed out at once, and
 * a loop that repeats its shapes makes no new ones.
 */
export class BufferPool {
  readonly #device: GPUDevice
  readonly #bound: number
  readonly #largest: number
  readonly #free = new Map<number, Block[]>()
  readonly #condemned: Block[] = []
  #nextId = 0
  #pooledBytes = 0
  #pooled = 0

  constructor(device: GPUDevice, bound: number, largest: number) {
    this.#device = device
    this.#bound = bound
    this.#largest = largest
  }

  get pooledBuffers(): number {
    return this.#pooled
  }

  get pooledBytes(): number {
    return this.#pooledBytes
  }

  /** A buffer of at least so many bytes; not one that the batch numbered `except` names, when there is an `except`. */
  acquire(bytes: number, except?: number): Block {
    // Many GPUs bind a little less than a power of two: the last class ends there.
    const size = Math.min(sizeClass(bytes), this.#largest)
    const free = this.#free.get(size)
    // The last one released is the likeliest to be in a cache; the first one, to be out of the current batch.
    const index =
      except === undefined
        ? (free?.length ?? 0) - 1
        : (free?.findIndex(({ batch }) => batch !== except) ?? -1)
    if (free && index >= 0) {
      const [block] = free.splice(index, 1)
      this.#pooledBytes -= size
      this.#pooled -= 1
      return block!
    }
    const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
    return { id: this.#nextId++, buffer: this.#device.createBuffer({ size, usage }), bytes: size, batch: -1 }
  }

  release(block: Block): void {
    if (this.#pooledBytes + block.bytes > this.#bound) {
      this.#condemned.push(block)
      return
    }
    const free = this.#free.get(block.bytes)
    if (free) free.push(block)
    else this.#free.set(block.bytes, [block])
    this.#pooledBytes += block.bytes
    this.#pooled += 1
  }

  /** Destroys what there was no room to keep, once no command that is still to be submitted names it. */
  sweep(): boolean {
    if (this.#condemned.length === 0) return false
    for (const { buffer } of this.#condemned) buffer.destroy()
    this.#condemned.length = 0
    return true
  }
}
