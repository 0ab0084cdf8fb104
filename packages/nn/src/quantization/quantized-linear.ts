import { type ActivationName, activations } from '../feed-forward/activation.ts'
import { quantizedLinear, quantizeRows, type Tensor } from '@qkv/tensor'
import type { Linear } from '../layers/linear.ts'
import { Buffer } from '../module/buffer.ts'
import { ModuleError } from '../module/module-error.ts'
import { Module } from '../module/module.ts'
import type { Parameter } from '../module/parameter.ts'

export interface QuantizedLinearOptions {
  /** `int8` `[outputSize, inputSize]`. */
  readonly weight: Tensor
  /** `[outputSize, blocks]`, where `blocks` divides `inputSize`. */
  readonly scale: Tensor
  /** `[outputSize]`, in float32. */
  readonly bias?: Parameter | undefined
}

export interface BlockOptions {
  /** Columns that share a scale: a divisor of the input size; the whole row unless said. */
  readonly blockSize?: number | undefined
}

/**
 * `Linear` with a weight of 8 bits and a float32 scale per row, or per block of a row: a quarter of the memory, for inference.
 * It takes its tensors over; weight and scale are saved with the module, and not trained.
 *
 * @example
 * const layer = await QuantizedLinear.fromLinear(linear, { blockSize: 64 })
 * const y = layer.forward(x) // [batch, outputSize] from [batch, inputSize]
 */
export class QuantizedLinear extends Module {
  readonly weight: Buffer
  readonly scale: Buffer
  readonly bias: Parameter | undefined

  constructor({ weight, scale, bias }: QuantizedLinearOptions) {
    super()
    this.weight = new Buffer(weight, { persistent: true })
    this.scale = new Buffer(scale, { persistent: true })
    this.bias = bias
  }

  /**
   * A layer with the rounded weight of another. It shares the bias with it, which belongs to whichever is used from then on.
   * Throws an `ArgumentError` when a weight is not finite, or the block size does not divide the input size.
   */
  static async fromLinear({ weight, bias }: Linear, options: BlockOptions = {}): Promise<QuantizedLinear> {
    const { device, shape } = weight
    const rows = quantizeRows((await weight.value.read()) as Float32Array, shape, options)
    return new QuantizedLinear({
      weight: device.tensor(rows.weight, { shape }),
      scale: device.tensor(rows.scale, { shape: [shape[0]!, rows.blocks] }),
      bias,
    })
  }

  /** Maps `[..., inputSize]` to `[..., outputSize]`; throws a `ModuleError` in training. */
  forward(x: Tensor): Tensor {
    if (this.training) throw trainingError()
    return quantizedLinear(x, this.weight.value, this.scale.value, { bias: this.bias?.value })
  }

  /** `activation(forward(x))`. */
  activate(x: Tensor, activation: ActivationName): Tensor {
    return activations[activation](this.forward(x))
  }
}

function trainingError(): ModuleError {
  return new ModuleError({
    operation: 'QuantizedLinear',
    argument: 'training',
    got: 'is on',
    expected: 'evaluation, since weights of 8 bits cannot be trained',
    fix: 'Call `model.evaluate()`; to train, load the float32 model, and quantise it afterwards.',
  })
}
