import { entmaxWeights } from '../../normalizers/entmax-weights.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * The point of the simplex that is nearest to the scores: weights sum to one, and keys of low score get exactly zero. Found by
 * sorting the scores of each query.
 *
 * @example
 * compose([scaledDot(), sparsemax(), padding()])
 */
export function sparsemax(): AttentionPart {
  return {
    name: 'sparsemax',
    source:
      'Martins and Astudillo 2016, From Softmax to Sparsemax: A Sparse Model of Attention and Multi-Label Classification (arXiv 1602.02068)',
    about: {
      year: 2016,
      formula: 'A = argmin over the simplex of |A - S|², A_j = max(S_j - τ, 0)',
      use: 'Weights to be read: most keys get none.',
    },
    normalize: (_, scores, keep) => entmaxWeights(scores, keep, 2),
  }
}
