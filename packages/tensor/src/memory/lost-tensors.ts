import type { Tensor } from '../tensor.ts'
import type { Storage } from './storage.ts'

/**
 * Frees and counts tensors that were made outside any scope and dropped without `dispose()`.
 *
 * A registry entry costs more than half a microsecond, so tensors owned by a scope never get one.
 */
export class LostTensors {
  /** How many were found so far. */
  count = 0
  readonly #registry = new FinalizationRegistry<Storage>((storage) => {
    this.count += 1
    if (!this.#closed) storage.release()
  })
  #closed = false

  watch(tensor: Tensor): void {
    this.#registry.register(tensor, tensor.storage, tensor)
  }

  forget(tensor: Tensor): void {
    this.#registry.unregister(tensor)
  }

  /** The device is gone, and its buffers with it. */
  close(): void {
    this.#closed = true
  }
}
