import { mul } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { products } from '../../scores/products.ts'

/**
 * Scores are products of queries and keys over the square root of the head size, so that their variance stays 1
 * and the softmax does not saturate.
 *
 * @example
 * compose([scaledDot(), causal()])
 */
export function scaledDot(): AttentionPart {
  return {
    name: 'scaled-dot',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.2.1 (arXiv 1706.03762)',
    about: {
      year: 2017,
      formula: 'S = q·k / √d',
      use: 'The score of almost every Transformer, and the one that fused kernels compute.',
    },
    fused: { scale: ({ headSize }) => 1 / Math.sqrt(headSize) },
    score: (_, query, key) => mul(products(query, key), 1 / Math.sqrt(query.shape[3]!)),
  }
}
