import type { Tensor } from '../tensor.ts'
import { gelu } from './gelu.ts'
import { mul } from './mul.ts'

/**
 * The gated activation of feed-forward layers, `gelu(gate) * value`, where both are projections of the layer's input.
 *
 * Source: Shazeer 2020, "GLU variants improve Transformer", equation 5.
 *
 * @example
 * const output = linear(geglu(linear(x, gateWeight), linear(x, upWeight)), downWeight)
 */
export function geglu(gate: Tensor, value: Tensor): Tensor {
  return mul(gelu(gate), value)
}
