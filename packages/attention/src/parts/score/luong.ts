import { matmul } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { products } from '../../scores/products.ts'
import { unitScores } from '../../scores/unit-scores.ts'

/**
 * Scores are products of queries and keys with a trained matrix between them, one per head and without a scale: the
 * paper's `general` score. Its others are `luong-dot` and `luong-concat`.
 *
 * @example
 * compose([luong(), padding()])
 */
export function luong(): AttentionPart {
  return {
    name: 'luong',
    source:
      'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation, section 3.1 (arXiv 1508.04025)',
    about: {
      year: 2015,
      formula: 'S = q·(W k)',
      use: 'Queries and keys that come from different networks, without projections of their own.',
    },
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, headSize, headSize],
        initializer: unitScores,
      },
    },
    score: (context, query, key) => products(matmul(query, context.parameter('weight')), key),
  }
}
