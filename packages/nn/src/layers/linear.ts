import {
  ArgumentError,
  formatShape,
  type FusedActivation,
  linear,
  linearActivation,
  sameShape,
  type Tensor,
} from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import type { Initializer } from '../initializers/initializer.ts'
import { kaimingUniform } from '../initializers/kaiming-uniform.ts'
import { uniform } from '../initializers/uniform.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import type { Tied } from '../module/tied.ts'

export interface LinearOptions {
  readonly inputSize: number
  readonly outputSize: number
  /** True unless said. */
  readonly bias?: boolean
  /** Of the weight; uniform within 1 / sqrt(inputSize) unless said. */
  readonly initializer?: Initializer
  /** Uniform within 1 / sqrt(inputSize) unless said. */
  readonly biasInitializer?: Initializer
  /** The weight of another layer, `[outputSize, inputSize]`, in place of one of its own. */
  readonly weight?: Tied
}

/**
 * An affine map of the last axis, `x weightᵀ + bias`: `[..., inputSize]` to `[..., outputSize]`, with a weight
 * `[outputSize, inputSize]` as in PyTorch. Throws an `ArgumentError` when made without sizes.
 *
 * @example
 * const layer = new Linear({ device, random: new RandomStream(1) }, { inputSize: 4, outputSize: 3 })
 * const y = layer.forward(x) // [batch, 3] from [batch, 4]
 */
export class Linear extends Module {
  readonly weight: Parameter | Tied
  readonly bias: Parameter | undefined

  constructor(initialization: Initialization, options: LinearOptions) {
    super()
    checkInitialization('Linear', initialization)
    checkSizes('Linear', options, ['inputSize', 'outputSize'])
    const { inputSize, outputSize, weight } = options
    const shape = [outputSize, inputSize]
    if (weight) checkTiedWeight(weight, shape)
    this.weight =
      weight ??
      new Parameter(initialization, {
        shape,
        initializer: options.initializer ?? kaimingUniform({ negativeSlope: Math.sqrt(5) }),
      })
    if (options.bias === false) return
    const bound = 1 / Math.sqrt(inputSize)
    const initializer = options.biasInitializer ?? uniform({ low: -bound, high: bound })
    this.bias = new Parameter(initialization, { shape: [outputSize], initializer })
  }

  /** Maps `[..., inputSize]` to `[..., outputSize]`; throws a `ShapeError` for any other last axis. */
  forward(x: Tensor): Tensor {
    return linear(x, this.weight.value, this.bias?.value)
  }

  /** `activation(forward(x))`, which backends may compute in one go. */
  activate(x: Tensor, activation: FusedActivation): Tensor {
    return linearActivation(x, this.weight.value, this.bias?.value, activation)
  }
}

function checkTiedWeight(weight: Tied, shape: readonly number[]): void {
  if (sameShape(weight.shape, shape)) return
  throw new ArgumentError({
    operation: 'Linear',
    argument: 'weight',
    got: `is tied to a parameter of shape ${formatShape(weight.shape)}`,
    expected: `[outputSize, inputSize], which is ${formatShape(shape)}`,
    fix: 'Give the sizes of the weight that is shared.',
  })
}
