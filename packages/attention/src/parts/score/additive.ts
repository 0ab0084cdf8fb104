import { mul, reshape, sum, tanh } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { pairSums } from '../../scores/pair-sums.ts'
import { unitScores } from '../../scores/unit-scores.ts'

/**
 * Scores are a trained vector times the tanh of query plus key: a network with one hidden layer, whose first maps are
 * the attention's own projections. It needs `headSize` times the memory of a product.
 *
 * @example
 * compose([additive(), padding()])
 */
export function additive(): AttentionPart {
  return {
    name: 'additive',
    source:
      'Bahdanau et al. 2014, Neural Machine Translation by Jointly Learning to Align and Translate, A.1.2 (arXiv 1409.0473)',
    about: {
      year: 2014,
      formula: 'S = w·tanh(q + k)',
      use: 'Small models and short texts, such as translation by recurrent networks, for which it was made.',
    },
    parameters: {
      vector: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, headSize],
        initializer: unitScores,
      },
    },
    score(context, query, key) {
      const [, heads, , size] = query.shape as [number, number, number, number]
      const vector = reshape(context.parameter('vector'), [heads, 1, 1, size])
      return sum(mul(tanh(pairSums(query, key)), vector), { axis: -1 })
    },
  }
}
