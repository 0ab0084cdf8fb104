import { maskedSoftmax } from '../../attend.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * Exponentials of the scores `[batch, heads, query, key]` over their sum: what happens without a normaliser, by name.
 *
 * @example
 * compose([scaledDot(), softmax(), causal()])
 */
export function softmax(): AttentionPart {
  return {
    name: 'softmax',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.2.1 (arXiv 1706.03762)',
    about: {
      year: 2017,
      formula: 'A_j = exp(S_j) / Σ_k exp(S_k)',
      use: 'The normaliser of almost every Transformer, and the one to compare others with.',
    },
    fused: { sinks: () => undefined },
    normalize: (_, scores, keep) => maskedSoftmax(scores, keep),
  }
}
