import type { AttentionPart } from '../../part.ts'

/**
 * All query heads share one key head and one value head, so that a cache keeps `2 * headSize` numbers per position.
 *
 * @example
 * compose([scaledDot(), multiQuery(), causal()])
 */
export function multiQuery(): AttentionPart {
  return {
    name: 'multi-query',
    source:
      'Shazeer 2019, Fast Transformer Decoding: One Write-Head is All You Need, section 3 (arXiv 1911.02150)',
    about: {
      year: 2019,
      formula: 'q_h = W_h x for each head h, k = U x, v = V x',
      use: 'Generation whose speed is limited by reading keys and values from memory.',
    },
    keyHeads: () => 1,
  }
}
