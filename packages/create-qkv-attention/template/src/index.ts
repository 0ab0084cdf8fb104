import type { AttentionPart } from '@qkv/attention'
import { ones } from '@qkv/nn'
import { mul, reshape } from '@qkv/tensor'

/**
 * Multiplies the scores of each head by a trained number: heads become sharper or more even by themselves.
 *
 * @example
 * compose([scaledDot(), partFactory(), causal()])
 */
export function partFactory(): AttentionPart {
  return {
    name: 'PART-NAME',
    source: 'Whose idea THIS_YEAR, title, section',
    about: {
      year: THIS_YEAR,
      formula: 'S = t_h · q·k / √d',
      use: 'Where it helps, in one sentence.',
    },
    parameters: {
      temperature: { owner: 'attention', shape: ({ heads }) => [heads], initializer: ones() },
    },
    bias(context, scores) {
      return mul(scores, reshape(context.parameter('temperature'), [context.heads, 1, 1]))
    },
  }
}
