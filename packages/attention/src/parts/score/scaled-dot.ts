import { matmul, mul, repeatKeyHeads, transpose } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

/**
 * Scores are products of queries and keys over the square root of the head size, so that their variance stays 1
 * and the softmax does not saturate.
 *
 * @example
 * compose([scaledDot(), causal()])
 */
export function scaledDot(): AttentionPart {
  return {
    name: 'scaled-dot',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.2.1',
    fused: { scale: ({ headSize }) => 1 / Math.sqrt(headSize) },
    score(_, query, key) {
      const products = matmul(query, transpose(repeatKeyHeads(key, query.shape[1]!)))
      return mul(products, 1 / Math.sqrt(query.shape[3]!))
    },
  }
}
