import { layerNorm, type Tensor } from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import { ones, zeros } from '../initializers/constant.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

export interface LayerNormOptions {
  readonly width: number
  /** Added to the variance; 1e-5 unless said. */
  readonly epsilon?: number
  /** True unless said. */
  readonly bias?: boolean
}

/**
 * Shifts and scales each vector of the last axis to mean 0 and variance 1, then by a trained weight and bias `[width]`.
 *
 * Source: Ba et al. 2016, Layer normalization.
 *
 * @example
 * const normalized = new LayerNorm(initialization, { width: 512 }).forward(x) // [batch, length, 512]
 */
export class LayerNorm extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | undefined
  readonly epsilon: number

  constructor(initialization: Initialization, options: LayerNormOptions) {
    super()
    checkInitialization('LayerNorm', initialization)
    checkSizes('LayerNorm', options, ['width'])
    const shape = [options.width]
    this.epsilon = options.epsilon ?? 1e-5
    this.weight = new Parameter(initialization, { shape, initializer: ones() })
    if (options.bias === false) return
    this.bias = new Parameter(initialization, { shape, initializer: zeros() })
  }

  /** Normalises `[..., width]`; throws a `ShapeError` for any other last axis. */
  forward(x: Tensor): Tensor {
    return layerNorm(x, { weight: this.weight.value, bias: this.bias?.value, epsilon: this.epsilon })
  }
}
