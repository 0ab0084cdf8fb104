import {
  ArgumentError,
  type Device,
  DeviceError,
  type DType,
  DTypeError,
  formatShape,
  sameShape,
  ShapeError,
  type Tensor,
} from '@qkv/tensor'
import { ownTensor } from './own-tensor.ts'

/** A tensor that belongs to a module: it lives outside all scopes, and is replaced as a whole. */
export abstract class StoredTensor {
  #value: Tensor

  constructor(value: Tensor) {
    this.#value = ownTensor(value)
  }

  get value(): Tensor {
    return this.#value
  }

  get shape(): readonly number[] {
    return this.#value.shape
  }

  get dtype(): DType {
    return this.#value.dtype
  }

  /** Number of elements. */
  get size(): number {
    return this.#value.size
  }

  get device(): Device {
    return this.#value.device
  }

  /**
   * Takes `tensor` as the new value and disposes the old one. Throws a `ShapeError`, `DTypeError` or `DeviceError`
   * when it is not like the old one, and an `ArgumentError` while gradients are recorded.
   *
   * @example
   * weight.assign(sub(donate(weight.value), mul(gradient, learningRate)))
   */
  assign(tensor: Tensor): void {
    if (tensor === this.#value) return
    this.#checkAssignable(tensor)
    this.replace(tensor)
  }

  /** @internal `assign` without checks, for loading and moving. */
  replace(tensor: Tensor): void {
    const before = this.#value
    this.#value = ownTensor(tensor)
    before.dispose()
  }

  /** @internal Throws an `ArgumentError` while gradients are recorded. */
  checkNotRecording(operation: string): void {
    if (this.device.recording) {
      throw new ArgumentError({
        operation,
        argument: 'value',
        got: 'would change while gradients are recorded',
        expected: 'a change outside `valueAndGrad`',
        fix: 'The gradient would read the old value after it is gone: return what you need, and change it afterwards.',
      })
    }
  }

  /** Frees the value. */
  dispose(): void {
    this.#value.dispose()
  }

  #checkAssignable(tensor: Tensor): void {
    this.checkNotRecording('assign')
    if (tensor.device !== this.device) {
      throw new DeviceError({
        operation: 'assign',
        argument: 'tensor',
        got: `lives on another device ('${tensor.device.name}')`,
        expected: `the device of the old value ('${this.device.name}')`,
        fix: 'Move the module with `await module.moveTo(device)`, or make the tensor on its device.',
      })
    }
    if (!sameShape(tensor.shape, this.shape)) {
      throw new ShapeError({
        operation: 'assign',
        argument: 'tensor',
        got: `has shape ${formatShape(tensor.shape)}`,
        expected: `the shape of the old value ${formatShape(this.shape)}`,
        fix: 'Reshape or transpose it first; a layer of other sizes has to be made anew.',
      })
    }
    if (tensor.dtype !== this.dtype) {
      throw new DTypeError({
        operation: 'assign',
        argument: 'tensor',
        got: `has dtype ${tensor.dtype}`,
        expected: `the dtype of the old value, ${this.dtype}`,
        fix: `Convert it with \`cast(tensor, '${this.dtype}')\`.`,
      })
    }
  }
}
