import { div, relu as rectify, square, where } from '@qkv/tensor'
import { keptKeyCount } from '../../normalizers/kept-key-count.ts'
import type { AttentionPart } from '../../part.ts'

export interface ReluOptions {
  /** Squares what the ReLU leaves, as gated attention units do; false unless said. */
  readonly squared?: boolean
}

/**
 * Each weight is the positive part of its score over the number of keys that the query keeps: no exponentials, no sum, and exact
 * zeros. With `squared` it is the square over that number; gated attention units commonly divide before they square.
 *
 * @example
 * compose([scaledDot(), relu({ squared: true }), causal()])
 */
export function relu(options: ReluOptions = {}): AttentionPart {
  const { squared = false } = options
  return {
    name: 'relu',
    source:
      'Wortsman et al. 2023, Replacing softmax with ReLU in Vision Transformers, section 3 (arXiv 2309.08586); ' +
      'squared: there too, after Hua et al. 2022, Transformer Quality in Linear Time (arXiv 2202.10447)',
    about: {
      year: 2023,
      formula: 'A_j = max(S_j, 0) / n; squared: max(S_j, 0)² / n',
      use: 'Sparse weights that are cheap to compute, and to share out over machines.',
    },
    options,
    normalize(_, scores, keep) {
      const positive = rectify(scores)
      const weights = div(squared ? square(positive) : positive, keptKeyCount(scores, keep))
      return keep ? where(keep, weights, 0) : weights
    },
  }
}
