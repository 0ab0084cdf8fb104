import { rmsNorm, type Tensor } from '@qkv/tensor'
import { checkInitialization, checkSizes, type Initialization } from '../initialization.ts'
import { ones } from '../initializers/constant.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'

export interface RMSNormOptions {
  readonly width: number
  /** Added to the mean square; 1e-6 unless said. */
  readonly epsilon?: number
}

/**
 * Divides each vector of the last axis by its root mean square, then multiplies by a trained weight `[width]`.
 *
 * Source: Zhang and Sennrich 2019, Root mean square layer normalization.
 *
 * @example
 * const normalized = new RMSNorm(initialization, { width: 512 }).forward(x) // [batch, length, 512]
 */
export class RMSNorm extends Module {
  readonly weight: Parameter
  readonly epsilon: number

  constructor(initialization: Initialization, options: RMSNormOptions) {
    super()
    checkInitialization('RMSNorm', initialization)
    checkSizes('RMSNorm', options, ['width'])
    this.epsilon = options.epsilon ?? 1e-6
    this.weight = new Parameter(initialization, { shape: [options.width], initializer: ones() })
  }

  /** Normalises `[..., width]`; throws a `ShapeError` for any other last axis. */
  forward(x: Tensor): Tensor {
    return rmsNorm(x, { weight: this.weight.value, epsilon: this.epsilon })
  }
}
