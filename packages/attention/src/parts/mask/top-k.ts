import { checkOptions, wholeFrom } from '../../check-options.ts'
import { keepLargest } from '../../masks/keep-largest.ts'
import type { AttentionPart } from '../../part.ts'

export interface TopKOptions {
  /** How many keys each query sees at most; 8 unless said. */
  readonly k?: number
}

/**
 * Each query sees its `k` best keys, among those that the masks keep; of equal scores the earlier ones. The others get no weight and no
 * gradient.
 *
 * @example
 * compose([scaledDot(), topK({ k: 8 }), causal()])
 */
export function topK(options: TopKOptions = {}): AttentionPart {
  const { k = 8 } = options
  checkOptions('top-k', { k }, wholeFrom(1), 'Give the number of keys, such as 8.')
  return {
    name: 'top-k',
    source:
      'Zhao et al. 2019, Explicit Sparse Transformer: Concentrated Attention Through Explicit Selection, on its selection (arXiv 1912.11637)',
    about: {
      year: 2019,
      formula: 'keep where S is one of the k largest of its row',
      use: 'Attention that ignores what does not matter, instead of weighing it a little.',
    },
    options,
    select: (_context, scores, _query, _key, keep) => keepLargest(scores, keep, k),
  }
}
