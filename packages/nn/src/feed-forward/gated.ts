import { geglu, swiglu, type Tensor } from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import { Dropout } from '../layers/dropout.ts'
import { Linear } from '../layers/linear.ts'
import { Module } from '../module/module.ts'
import type { QuantizedLinear } from '../quantization/quantized-linear.ts'
import type { FeedForward, FeedForwardKind } from './feed-forward.ts'

export type GateName = 'swiglu' | 'geglu'

const gates: Readonly<Record<GateName, (gate: Tensor, value: Tensor) => Tensor>> = { swiglu, geglu }

export interface GatedFeedForwardOptions {
  readonly width: number
  readonly innerWidth: number
  readonly gating: GateName
  /** Rate on the inner activations; none unless said. */
  readonly dropout?: number
  /** False unless said, as in the paper. */
  readonly bias?: boolean
}

/**
 * A linear map gated by the activation of another, at each position alone: `down(activation(gate(x)) * up(x))`, with
 * SiLU (SwiGLU) or GELU (GeGLU). Two thirds of an MLP's inner width give it as many parameters as the MLP has.
 *
 * Source: Shazeer 2020, GLU variants improve Transformer, equation 6.
 *
 * @example
 * const layer = new GatedFeedForward(initialization, { width: 512, innerWidth: 1365, gating: 'swiglu' })
 * const y = layer.forward(x) // [batch, length, 512]
 */
export class GatedFeedForward extends Module implements FeedForward {
  readonly gate: Linear | QuantizedLinear
  readonly up: Linear | QuantizedLinear
  readonly dropout: Dropout
  readonly down: Linear | QuantizedLinear
  readonly gating: GateName

  constructor(initialization: Initialization, options: GatedFeedForwardOptions) {
    super()
    checkInitialization('GatedFeedForward', initialization)
    checkSizes('GatedFeedForward', options, ['width', 'innerWidth'])
    const { width, innerWidth, gating, dropout = 0, bias = false } = options
    this.gating = gating
    this.gate = new Linear(initialization, { inputSize: width, outputSize: innerWidth, bias })
    this.up = new Linear(initialization, { inputSize: width, outputSize: innerWidth, bias })
    this.dropout = new Dropout({ rate: dropout })
    this.down = new Linear(initialization, { inputSize: innerWidth, outputSize: width, bias })
  }

  /** `[..., width]` to the same. */
  forward(x: Tensor): Tensor {
    return x.device.scoped(() => {
      const inner = gates[this.gating](this.gate.forward(x), this.up.forward(x))
      return this.down.forward(this.dropout.forward(inner))
    })
  }
}

/** `swiglu` and `geglu`. */
export const gatedKinds: readonly FeedForwardKind[] = (Object.keys(gates) as GateName[]).map((gating) => ({
  name: gating,
  source: 'Shazeer 2020, GLU variants improve Transformer, equation 6',
  create: (initialization, { width, innerWidth, dropout }) =>
    new GatedFeedForward(initialization, { width, innerWidth, dropout, gating }),
}))
