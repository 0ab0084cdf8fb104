import { reshape } from '@qkv/tensor'
import { noMask } from '../../masks/mask.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * No query sees a key that only fills up a batch. Each call brings the side input `padding`, `bool` `[batch, key]`
 * with true for real tokens, or says `'none'`.
 *
 * @example
 * attention.forward(x, x, { mask: noMask, side: { padding: notEqual(tokens, paddingId) } })
 */
export function padding(): AttentionPart {
  return {
    name: 'padding',
    source: 'Vaswani et al. 2017; mask of shape [batch, 1, 1, key]',
    sideInputs: ['padding'],
    mask(context) {
      const keep = context.sideInput('padding')
      if (!keep) return noMask
      const [batch, key] = keep.shape as [number, number]
      return { kind: 'tensor', keep: reshape(keep, [batch, 1, 1, key]) }
    },
  }
}
