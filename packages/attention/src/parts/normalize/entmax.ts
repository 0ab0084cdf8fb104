import { checkOptions, numberAbove } from '../../check-options.ts'
import { entmaxWeights } from '../../normalizers/entmax-weights.ts'
import type { AttentionPart } from '../../part.ts'

export interface EntmaxOptions {
  /** How sparse weights become, more than 1: near 1 is softmax, 2 is sparsemax; 1.5 unless said. */
  readonly alpha?: number
}

/**
 * Between softmax and sparsemax: weights sum to one, keys of low score get exactly zero. An `alpha` of 1.5 or 2 is solved exactly
 * by sorting, others by bisection.
 *
 * @example
 * compose([scaledDot(), entmax({ alpha: 1.5 }), padding()])
 */
export function entmax(options: EntmaxOptions = {}): AttentionPart {
  const { alpha = 1.5 } = options
  checkOptions('entmax', { alpha }, numberAbove(1), 'At 1 it is softmax: use that part.')
  return {
    name: 'entmax',
    source: 'Peters et al. 2019, Sparse Sequence-to-Sequence Models (arXiv 1905.05702)',
    about: {
      year: 2019,
      formula: 'A_j = max((α - 1) S_j - τ, 0)^(1 / (α - 1)), τ such that Σ A_j = 1',
      use: 'Sparse weights whose gradient is smoother than that of sparsemax.',
    },
    options,
    normalize: (_, scores, keep) => entmaxWeights(scores, keep, alpha),
  }
}
