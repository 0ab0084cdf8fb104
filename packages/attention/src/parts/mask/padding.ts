import { checkKeyFlags } from '../../masks/check-key-flags.ts'
import { columnMask } from '../../masks/position-masks.ts'
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
    source:
      'Vaswani et al. 2017, Attention Is All You Need, section 5.1 (arXiv 1706.03762): sentences in batches',
    about: {
      year: 2017,
      formula: 'keep where key j is a real token',
      use: 'Batches of texts of different lengths.',
    },
    sideInputs: ['padding'],
    sampleSide: ({ batch, length }) => ({
      padding: {
        shape: [batch, length],
        values: Array.from({ length: batch * length }, (_, index) =>
          Number(((index % length) + Math.floor(index / length)) % 4 !== 3),
        ),
        dtype: 'bool',
      },
    }),
    mask(context) {
      const keep = context.sideInput('padding')
      if (!keep) return noMask
      checkKeyFlags(context, 'padding', 'padding', keep)
      return columnMask(keep)
    },
  }
}
