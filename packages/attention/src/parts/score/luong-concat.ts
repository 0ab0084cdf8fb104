import { matmul, mul, repeatKeyHeads, reshape, slice, sum, tanh, type Tensor } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { pairSums } from '../../scores/pair-sums.ts'
import { unitScores } from '../../scores/unit-scores.ts'

/**
 * Scores are a trained vector times the tanh of a trained map of query and key, side by side: `additive` with a matrix per head, for
 * queries and keys without projections. It needs `headSize` times the memory of a product.
 *
 * @example
 * compose([luongConcat(), padding()])
 */
export function luongConcat(): AttentionPart {
  return {
    name: 'luong-concat',
    source:
      'Luong et al. 2015, Effective Approaches to Attention-based Neural Machine Translation, section 3.1 (arXiv 1508.04025)',
    about: {
      year: 2015,
      formula: 'S = w·tanh(W [q; k])',
      use: 'To compare with `luong` and `luong-dot`: the paper had no good results with it.',
    },
    parameters: {
      // Rows for the columns of the query, then for those of the key.
      weight: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, 2 * headSize, headSize],
        initializer: unitScores,
      },
      vector: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, headSize],
        initializer: unitScores,
      },
    },
    score(context, query, key) {
      const [, heads, , size] = query.shape as [number, number, number, number]
      const mapped = (x: Tensor, start: number): Tensor =>
        matmul(x, slice(context.parameter('weight'), [{}, { start, size }]))
      const hidden = tanh(pairSums(mapped(query, 0), mapped(repeatKeyHeads(key, heads), size)))
      return sum(mul(hidden, reshape(context.parameter('vector'), [heads, 1, 1, size])), { axis: -1 })
    },
  }
}
