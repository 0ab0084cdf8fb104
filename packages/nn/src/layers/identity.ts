import type { Tensor } from '@qkv/tensor'
import { Module } from '../module/module.ts'

/**
 * Hands its input back: for places where a layer is optional.
 *
 * @example
 * const normalize = preNorm ? new LayerNorm(initialization, { width }) : new Identity()
 */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x
  }
}
