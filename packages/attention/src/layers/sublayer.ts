import { Dropout, type Initialization, LayerNorm, Module } from '@qkv/nn'
import { add, type Tensor } from '@qkv/tensor'

/** Where the normalisation stands: before the sublayer (`pre`), or after the residual sum (`post`, as in the paper). */
export type NormPlacement = 'pre' | 'post'

export interface SublayerOptions {
  readonly width: number
  readonly norm: NormPlacement
  readonly dropout: number
  readonly epsilon: number
}

/**
 * A residual connection around a function: `x + dropout(f(norm(x)))`, or `norm(x + dropout(f(x)))`.
 *
 * Source: Vaswani et al. 2017, section 5.4; pre-norm: Xiong et al. 2020, On Layer Normalization in the Transformer.
 *
 * @example
 * const sublayer = new Sublayer(init, { width: 64, norm: 'pre', dropout: 0.1, epsilon: 1e-5 })
 * const hidden = sublayer.forward(x, (x) => feedForward.forward(x))
 */
export class Sublayer extends Module {
  readonly norm: LayerNorm
  readonly dropout: Dropout
  readonly #placement: NormPlacement

  constructor(init: Initialization, { width, norm, dropout, epsilon }: SublayerOptions) {
    super()
    this.norm = new LayerNorm(init, { width, epsilon })
    this.dropout = new Dropout({ rate: dropout })
    this.#placement = norm
  }

  /** `x` is `[batch, length, width]`, and so is what `run` returns. */
  forward(x: Tensor, run: (x: Tensor) => Tensor): Tensor {
    return x.device.scoped(() =>
      this.#placement === 'pre'
        ? add(x, this.dropout.forward(run(this.norm.forward(x))))
        : this.norm.forward(add(x, this.dropout.forward(run(x)))),
    )
  }
}
