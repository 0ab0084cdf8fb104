import type { Tensor } from '../tensor.ts'
import { mul } from './mul.ts'
import { silu } from './silu.ts'

/**
 * The gated activation of feed-forward layers, `silu(gate) * value`, where both are projections of the layer's input.
 *
 * Source: Shazeer 2020, "GLU variants improve Transformer", equation 5.
 *
 * @example
 * const output = linear(swiglu(linear(x, gateWeight), linear(x, upWeight)), downWeight)
 */
export function swiglu(gate: Tensor, value: Tensor): Tensor {
  return mul(silu(gate), value)
}
