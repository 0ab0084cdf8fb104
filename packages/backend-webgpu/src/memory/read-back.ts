import { allocateHostArray, type HostArray, sizeOf, type TensorSpec } from '@qkv/tensor'
import type { CommandQueue } from '../commands/command-queue.ts'
import { webGpuError } from '../errors.ts'
import type { Health } from '../platform/health.ts'
import { bufferUsage, mapRead } from '../platform/usage.ts'
import type { GpuHandle } from './arena.ts'
import { sizeClass } from './size-class.ts'

/** So many idle buffers for reading are kept. */
const keptBuffers = 8

/** Copies tensors to the host, through buffers that it can map. */
export class ReadBack {
  readonly #device: GPUDevice
  readonly #queue: CommandQueue
  readonly #health: Health
  readonly #idle: GPUBuffer[] = []

  constructor(device: GPUDevice, queue: CommandQueue, health: Health) {
    this.#device = device
    this.#queue = queue
    this.#health = health
  }

  async read({ block }: GpuHandle, spec: TensorSpec): Promise<HostArray> {
    const length = sizeOf(spec.shape)
    const result = allocateHostArray(spec.dtype, length)
    if (length === 0) return result
    const bytes = length * 4
    const staging = this.#staging(bytes)
    this.#queue.copy(block, staging, bytes)
    this.#queue.flush()
    this.#queue.counters.readBacks += 1
    try {
      await this.#health.orLoss(staging.mapAsync(mapRead, 0, bytes))
    } catch (error) {
      await this.#explain(error)
    }
    this.#health.check()
    const mapped = staging.getMappedRange(0, bytes)
    // Integers of four bytes narrow to the one byte that the host keeps.
    result.set(spec.dtype === 'float32' ? new Float32Array(mapped) : new Int32Array(mapped))
    staging.unmap()
    if (this.#idle.length < keptBuffers) this.#idle.push(staging)
    else staging.destroy()
    return result
  }

  #staging(bytes: number): GPUBuffer {
    const size = Math.min(sizeClass(bytes), this.#device.limits.maxBufferSize)
    const index = this.#idle.findIndex((buffer) => buffer.size === size)
    if (index >= 0) return this.#idle.splice(index, 1)[0]!
    return this.#device.createBuffer({ size, usage: bufferUsage.mapRead | bufferUsage.copyTarget })
  }

  /** A mapping fails with a loss that is told only afterwards, or with an error that was told before. */
  async #explain(error: unknown): Promise<never> {
    this.#health.check()
    await this.#health.lossWithin(1000)
    this.#health.check()
    throw webGpuError({
      argument: 'device',
      got: `did not give a buffer back (${String(error)})`,
      expected: 'a buffer that can be read',
      fix: 'Open a new device with `openDevice`.',
    })
  }
}
