import type { AttentionPart } from '../../part.ts'
import { products } from '../../scores/products.ts'

/**
 * Scores are products of queries and keys, without a scale.
 *
 * @example
 * compose([luongDot(), padding()])
 */
export function luongDot(): AttentionPart {
  return {
    name: 'luong-dot',
    source:
      'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation, section 3.1 (arXiv 1508.04025)',
    about: {
      year: 2015,
      formula: 'S = q·k',
      use: 'Small heads, T5, and queries and keys that are scaled already.',
    },
    fused: { scale: () => 1 },
    score: (_, query, key) => products(query, key),
  }
}
