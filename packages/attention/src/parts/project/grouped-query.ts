import { ArgumentError } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'

export interface GroupedQueryOptions {
  /**
   * How many key and value heads there are, a divisor of the heads; the largest divisor up to the square root of the heads unless
   * said, which is 8 of 64 as in the paper.
   */
  readonly keyHeads?: number
}

/**
 * Equal groups of query heads share a key and a value head: between `multi-head` and `multi-query`. Query head `h` reads key
 * head `floor(h * keyHeads / heads)`.
 *
 * @example
 * compose([scaledDot(), groupedQuery({ keyHeads: 2 }), causal()])
 */
export function groupedQuery(options: GroupedQueryOptions = {}): AttentionPart {
  checkOptions('grouped-query', { keyHeads: options.keyHeads }, wholeFrom(1))
  return {
    name: 'grouped-query',
    source:
      'Ainslie et al. 2023, GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints, section 2.2 (arXiv 2305.13245)',
    about: {
      year: 2023,
      formula:
        'q_h = W_h x for each head h, k_g = U_g x, v_g = V_g x for each group g = floor(h keyHeads / heads)',
      use: 'Large models: a small cache at nearly the quality of a key head for each query head.',
    },
    options,
    keyHeads(heads) {
      const { keyHeads = usualKeyHeads(heads) } = options
      if (heads % keyHeads !== 0) throw unevenGroups(keyHeads, heads)
      return keyHeads
    },
  }
}

function usualKeyHeads(heads: number): number {
  let keyHeads = Math.floor(Math.sqrt(heads))
  while (heads % keyHeads !== 0) keyHeads -= 1
  return keyHeads
}

function unevenGroups(keyHeads: number, heads: number): ArgumentError {
  return new ArgumentError({
    operation: 'grouped-query',
    argument: 'keyHeads',
    got: `is ${keyHeads}`,
    expected: `a whole number that divides the ${heads} heads`,
    fix: 'Each key head serves an equal group of query heads.',
  })
}
