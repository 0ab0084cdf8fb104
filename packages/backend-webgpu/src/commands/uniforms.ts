import { bufferUsage } from '../platform/usage.ts'
import type { Scalar } from './program.ts'

/** Bytes per dispatch: the alignment that every GPU takes, and room for 64 parameters. */
export const slotBytes = 256

/** The parameters of all dispatches of a batch, written with one command before the batch is submitted. */
export class Uniforms {
  readonly buffer: GPUBuffer
  readonly #queue: GPUQueue
  readonly #words: DataView
  #used = 0

  constructor(device: GPUDevice, slots: number) {
    this.buffer = device.createBuffer({
      label: 'parameters',
      size: slots * slotBytes,
      usage: bufferUsage.uniform | bufferUsage.copyTarget,
    })
    this.#queue = device.queue
    this.#words = new DataView(new ArrayBuffer(slots * slotBytes))
  }

  get full(): boolean {
    return this.#used === this.#words.byteLength
  }

  /** Puts the values into the next slot, and returns where it begins. */
  add(types: readonly (readonly [name: string, type: Scalar])[], values: readonly number[]): number {
    const start = this.#used
    for (const [index, [, type]] of types.entries()) {
      const place = start + 4 * index
      const value = values[index]!
      if (type === 'f32') this.#words.setFloat32(place, value, true)
      else if (type === 'i32') this.#words.setInt32(place, value, true)
      else this.#words.setUint32(place, value, true)
    }
    this.#used += slotBytes
    return start
  }

  write(): void {
    if (this.#used > 0)
      this.#queue.writeBuffer(this.buffer, 0, this.#words.buffer as ArrayBuffer, 0, this.#used)
    this.#used = 0
  }
}
