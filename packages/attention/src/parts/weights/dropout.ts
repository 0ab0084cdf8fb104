import { dropout as drop } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'

/**
 * Drops a share of the attention weights while training, and scales up the rest.
 *
 * @example
 * compose([scaledDot(), dropout({ rate: 0.1 })])
 */
export function dropout({ rate = 0.1 }: { readonly rate?: number } = {}): AttentionPart {
  return {
    name: 'dropout',
    source: 'Srivastava et al. 2014, Dropout; on attention weights as in PyTorch',
    fused: { dropoutRate: rate },
    weights: (context, weights) =>
      context.training ? drop(weights, { rate, key: context.nextKey() }) : weights,
  }
}
