import { conv1d, pad, type Tensor, transpose } from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import { kaimingUniform } from '../initializers/kaiming-uniform.ts'
import { uniform } from '../initializers/uniform.ts'
import { Dropout } from '../layers/dropout.ts'
import { Linear } from '../layers/linear.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import type { QuantizedLinear } from '../quantization/quantized-linear.ts'
import { type ActivationName, activations } from './activation.ts'
import type { FeedForward, FeedForwardKind } from './feed-forward.ts'

export interface ConvolutionalFeedForwardOptions {
  readonly width: number
  readonly innerWidth: number
  /** How many neighbouring positions each output sees. */
  readonly kernelSize: number
  /** Whether those are the position itself and earlier ones; centered otherwise. */
  readonly causal: boolean
  readonly activation: ActivationName
  /** Rate on the inner activations; none unless said. */
  readonly dropout?: number
}

/**
 * A convolution over positions, an activation, and a linear map back: the feed-forward as a CNN. The sequence is
 * extended by zeros. Padding tokens are neighbours like any others: behind a sequence, they reach its last positions
 * unless the convolution is causal.
 *
 * Source: Ren et al. 2019, FastSpeech, section 3.1; that the paper's MLP is a convolution of kernel size 1: Vaswani et
 * al. 2017, section 3.3.
 *
 * @example
 * const options = { width: 64, innerWidth: 256, kernelSize: 3, causal: false, activation: 'relu' } as const
 * const y = new ConvolutionalFeedForward(initialization, options).forward(x) // [batch, length, 64]
 */
export class ConvolutionalFeedForward extends Module implements FeedForward {
  /** `[innerWidth, width, kernelSize]` */
  readonly kernel: Parameter
  readonly bias: Parameter
  readonly dropout: Dropout
  readonly down: Linear | QuantizedLinear
  readonly activation: ActivationName
  readonly causal: boolean

  constructor(initialization: Initialization, options: ConvolutionalFeedForwardOptions) {
    super()
    checkInitialization('ConvolutionalFeedForward', initialization)
    checkSizes('ConvolutionalFeedForward', options, ['width', 'innerWidth', 'kernelSize'])
    const { width, innerWidth, kernelSize, causal, activation, dropout = 0 } = options
    const bound = 1 / Math.sqrt(width * kernelSize)
    this.activation = activation
    this.causal = causal
    this.kernel = new Parameter(initialization, {
      shape: [innerWidth, width, kernelSize],
      initializer: kaimingUniform({ negativeSlope: Math.sqrt(5) }),
    })
    this.bias = new Parameter(initialization, {
      shape: [innerWidth],
      initializer: uniform({ low: -bound, high: bound }),
    })
    this.dropout = new Dropout({ rate: dropout })
    this.down = new Linear(initialization, { inputSize: innerWidth, outputSize: width })
  }

  /** `[batch, length, width]` to the same. */
  forward(x: Tensor): Tensor {
    const reach = this.kernel.shape[2]! - 1
    const before = this.causal ? reach : Math.ceil(reach / 2)
    return x.device.scoped(() => {
      const extended = pad(x, { before: [0, before, 0], after: [0, reach - before, 0] })
      const convolved = conv1d(transpose(extended), this.kernel.value, { bias: this.bias.value })
      const inner = activations[this.activation](transpose(convolved))
      return this.down.forward(this.dropout.forward(inner))
    })
  }
}

/** `convolutional`: three positions wide. */
export const convolutionalKinds: readonly FeedForwardKind[] = [
  {
    name: 'convolutional',
    source: 'Ren et al. 2019, FastSpeech, section 3.1',
    create: (initialization, options) =>
      new ConvolutionalFeedForward(initialization, { ...options, kernelSize: 3, activation: 'relu' }),
  },
]
