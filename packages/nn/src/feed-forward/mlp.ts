import type { Tensor } from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import { Dropout } from '../layers/dropout.ts'
import { Linear } from '../layers/linear.ts'
import { Module } from '../module/module.ts'
import type { QuantizedLinear } from '../quantization/quantized-linear.ts'
import { type ActivationName, activations } from './activation.ts'
import type { FeedForward, FeedForwardKind } from './feed-forward.ts'

export interface MLPOptions {
  readonly width: number
  readonly innerWidth: number
  readonly activation: ActivationName
  /** Rate on the inner activations; none unless said. */
  readonly dropout?: number
  /** True unless said. */
  readonly bias?: boolean
}

/**
 * Two linear maps with an activation between them, at each position alone: `down(activation(up(x)))`.
 *
 * Source: Vaswani et al. 2017, Attention Is All You Need, section 3.3.
 *
 * @example
 * const layer = new MLP(initialization, { width: 512, innerWidth: 2048, activation: 'relu', dropout: 0.1 })
 * const y = layer.forward(x) // [batch, length, 512]
 */
export class MLP extends Module implements FeedForward {
  readonly up: Linear | QuantizedLinear
  readonly dropout: Dropout
  readonly down: Linear | QuantizedLinear
  readonly activation: ActivationName

  constructor(initialization: Initialization, options: MLPOptions) {
    super()
    checkInitialization('MLP', initialization)
    checkSizes('MLP', options, ['width', 'innerWidth'])
    const { width, innerWidth, activation, dropout = 0, bias = true } = options
    this.activation = activation
    this.up = new Linear(initialization, { inputSize: width, outputSize: innerWidth, bias })
    this.dropout = new Dropout({ rate: dropout })
    this.down = new Linear(initialization, { inputSize: innerWidth, outputSize: width, bias })
  }

  /** `[..., width]` to the same. */
  forward(x: Tensor): Tensor {
    return x.device.scoped(() => {
      const inner = this.up.activate(x, this.activation)
      return this.down.forward(this.dropout.forward(inner))
    })
  }
}

const sources: Readonly<Record<ActivationName, string>> = {
  relu: 'Vaswani et al. 2017, Attention Is All You Need, section 3.3',
  gelu: 'Hendrycks and Gimpel 2016, Gaussian error linear units; Devlin et al. 2018, BERT, appendix A.2',
  'gelu-tanh':
    'Hendrycks and Gimpel 2016, Gaussian error linear units, section 2; Radford et al. 2019, GPT-2',
  silu: 'Elfwing et al. 2017, Sigmoid-weighted linear units, section 2',
}

/** `relu`, `gelu`, `gelu-tanh` and `silu`. */
export const mlpKinds: readonly FeedForwardKind[] = (Object.keys(activations) as ActivationName[]).map(
  (activation) => ({
    name: activation,
    source: sources[activation],
    create: (initialization, { width, innerWidth, dropout }) =>
      new MLP(initialization, { width, innerWidth, dropout, activation }),
  }),
)
