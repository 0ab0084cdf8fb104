import './memory/dispose-symbol.ts'
import type { BufferHandle, Layout, OpInput } from './backend/backend.ts'
import type { Device } from './device.ts'
import type { DType, HostArray, TensorSpec } from './dtype.ts'
import { ShapeError } from './errors/shape-error.ts'
import type { Scope } from './memory/scope.ts'
import type { Storage } from './memory/storage.ts'
import { formatShape, isContiguous, sizeOf } from './shape.ts'

/**
 * An immutable array of numbers on a device. Operations are free functions: `add(a, b)`.
 *
 * Made with `device.tensor(...)` or by an operation; freed by its scope, by `using`, or by `dispose()`.
 *
 * @example
 * const x = device.tensor([[1, 2], [3, 4]])
 * const values = await matmul(x, x).read() // Float32Array [7, 10, 15, 22]
 */
export class Tensor implements OpInput {
  readonly device: Device
  readonly spec: TensorSpec
  readonly layout: Layout
  /** Row-major from the start of the buffer, without gaps. */
  readonly contiguous: boolean
  /** @internal */
  readonly storage: Storage
  /** @internal The scope that disposes it. */
  scope: Scope | undefined
  /** @internal One bit per open tape that tracks it. */
  tapes = 0
  /** Set by `donate`: the next operation consumes it. */
  donated = false
  #holds = 1
  #disposed = false

  /** @internal Tensors are made by a device. */
  constructor(device: Device, spec: TensorSpec, storage: Storage, layout: Layout) {
    this.device = device
    this.spec = spec
    this.storage = storage
    this.layout = layout
    this.contiguous = layout.offset === 0 && isContiguous(spec.shape, layout.strides)
  }

  get shape(): readonly number[] {
    return this.spec.shape
  }

  get dtype(): DType {
    return this.spec.dtype as DType
  }

  get rank(): number {
    return this.spec.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.spec.shape)
  }

  get handle(): BufferHandle {
    return this.storage.handle
  }

  /** Whether its owner has given it up. */
  get disposed(): boolean {
    return this.#disposed
  }

  /** @internal Whether its values can still be read: the owner, a tape or an observer holds it. */
  get held(): boolean {
    return this.#holds > 0
  }

  /** Whether its owner is the only one with access to the buffer, so that a donation would be honoured. */
  get exclusive(): boolean {
    return this.soleHold && this.storage.owners === 1 && this.contiguous
  }

  /** @internal Whether nobody but one holds it: its owner or, when that has given it up, a tape or an observer. */
  get soleHold(): boolean {
    return this.#holds === 1
  }

  /** @internal Keeps the values alive beyond the owner's disposal. */
  hold(): void {
    this.#holds += 1
  }

  /** @internal Gives up one hold. */
  letGo(): void {
    this.#holds -= 1
    if (this.#holds === 0) this.storage.release()
  }

  /** @internal The caller's hold becomes that of a new owner; the one before has given it up. */
  revive(): void {
    this.#disposed = false
  }

  /** @internal Called after an operation consumed it; `surrendered` when its buffer became an output. */
  consume(surrendered: boolean): void {
    this.donated = false
    if (!this.#disposed) {
      this.#disposed = true
      this.device.forget(this)
    }
    if (surrendered) {
      this.#holds = 0
      this.storage.surrender()
    } else this.letGo()
  }

  /** The values in row-major order. Waits for the device. */
  async read(): Promise<HostArray> {
    return this.device.read(this)
  }

  /** The values in row-major order, where the backend can wait; throws a `BackendError` where it cannot. */
  readSync(): HostArray {
    return this.device.readSync(this)
  }

  /** The value of a tensor with one element; throws a `ShapeError` for any other. */
  async item(): Promise<number> {
    if (this.size !== 1) {
      throw new ShapeError({
        operation: 'item',
        argument: 'tensor',
        got: `has shape ${formatShape(this.shape)}`,
        expected: 'exactly one element',
        fix: 'Reduce it first, for example with `mean(tensor)`, or use `read()`.',
      })
    }
    const values = await this.read()
    return values[0]!
  }

  /** Frees the buffer, once no tape or view needs it. Disposing twice does nothing. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.device.forget(this)
    this.letGo()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  toString(): string {
    return `Tensor(${this.dtype} ${formatShape(this.shape)}${this.#disposed ? ', disposed' : ''})`
  }
}

/**
 * Gives a tensor's buffer to the next operation, which may write its output there; the tensor is disposed by it.
 * Refused, and counted in `device.memory().refusedDonations`, when a view, a tape or an observer shares the buffer.
 *
 * @example
 * cache = updateSlice(donate(cache), value, { start: [0, 0, position, 0] })
 */
export function donate(tensor: Tensor): Tensor {
  tensor.donated = true
  return tensor
}
