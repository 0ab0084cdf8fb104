import { xavierUniform } from '@qkv/nn'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { trainedQueries } from '../../projections/trained-queries.ts'

export interface AttentionPoolingOptions {
  /** How many vectors a set is pooled to; 1 unless said. */
  readonly seeds?: number
}

/**
 * Pools a set to as many vectors as there are trained seeds: `[batch, seeds, width]` from `[batch, length, width]`, the same
 * whatever the order of the set. It is the attention inside the paper's PMA block; the sum with the seeds, norms and
 * feed-forward layers of that block belong to the layer around it.
 *
 * @example
 * compose([scaledDot(), attentionPooling({ seeds: 4 }), padding()])
 */
export function attentionPooling(options: AttentionPoolingOptions = {}): AttentionPart {
  const { seeds = 1 } = options
  checkOptions('attention-pooling', { seeds }, wholeFrom(1))
  return {
    name: 'attention-pooling',
    source:
      'Lee et al. 2018, Set Transformer: A Framework for Attention-based Permutation-Invariant Neural Networks, section 3.2 (arXiv 1810.00825)',
    about: {
      year: 2018,
      formula: 'o = Multihead(s, X, X) for trained seeds s',
      use: 'One vector, or a few, from a set or a text of any length.',
    },
    options,
    ...trainedQueries({ name: 'seeds', count: seeds, initializer: xavierUniform() }),
  }
}
