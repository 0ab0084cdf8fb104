import { log, sigmoid as logistic, sub, where } from '@qkv/tensor'
import { keptKeyCount } from '../../normalizers/kept-key-count.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * Each weight is the sigmoid of its score less the logarithm of the number of keys that the query keeps, so that weights sum to
 * about one at the start. They do not compete: a query may attend to all keys, or to none.
 *
 * @example
 * compose([scaledDot(), sigmoid(), causal()])
 */
export function sigmoid(): AttentionPart {
  return {
    name: 'sigmoid',
    source:
      'Ramapuram et al. 2024, Theory, Analysis, and Best Practices for Sigmoid Self-Attention (arXiv 2409.04431)',
    about: {
      year: 2024,
      formula: 'A_j = sigmoid(S_j - log n)',
      use: 'Weights that do not compete, without a sum over the keys.',
    },
    normalize(_, scores, keep) {
      const weights = logistic(sub(scores, log(keptKeyCount(scores, keep))))
      return keep ? where(keep, weights, 0) : weights
    },
  }
}
