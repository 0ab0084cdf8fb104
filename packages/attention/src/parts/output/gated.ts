import { linear, mul, sigmoid } from '@qkv/tensor'
import { splitHeads } from '../../heads.ts'
import type { AttentionPart } from '../../part.ts'
import { trainedMap } from '../../projections/trained-map.ts'

/**
 * Multiplies each number of each head's output by a gate between 0 and 1, which is a map of the query's own input
 * `[batch, query, width]`, without a bias. A head can so say nothing, and needs no key to attend to for that.
 *
 * @example
 * compose([scaledDot(), gated(), causal()])
 */
export function gated(): AttentionPart {
  return {
    name: 'gated',
    source:
      'Qiu et al. 2025, Gated Attention for Large Language Models, section 2.2, elementwise and head-specific after the mixture (arXiv 2505.06708)',
    about: {
      year: 2025,
      formula: 'o ⊙ σ(W x), x the input of the query',
      use: 'Steadier training of language models, without attention sinks, for one more projection.',
    },
    parameters: { weight: trainedMap(({ heads, headSize }) => heads * headSize) },
    output: (context, output) =>
      mul(
        output,
        sigmoid(splitHeads(linear(context.queryInput, context.parameter('weight')), context.heads)),
      ),
  }
}
