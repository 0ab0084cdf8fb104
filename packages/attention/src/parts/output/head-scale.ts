import { ones } from '@qkv/nn'
import { mul, reshape } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

/**
 * Multiplies the output of each head by a trained number of its own, 1 at first.
 *
 * @example
 * compose([scaledDot(), headScale()])
 */
export function headScale(): AttentionPart {
  return {
    name: 'head-scale',
    source:
      'Shleifer et al. 2021, NormFormer: Improved Transformer Pretraining with Extra Normalization (arXiv 2110.09456)',
    about: {
      year: 2021,
      formula: 'g_h o, one trained g for each head h',
      use: 'Layer norm before the sublayers, where heads should differ in weight; it costs one number per head.',
    },
    parameters: {
      scale: { owner: 'attention', shape: ({ heads }) => [heads], initializer: ones() },
    },
    output: (context, output) => mul(output, reshape(context.parameter('scale'), [context.heads, 1, 1])),
  }
}
