import { normal } from '@qkv/nn'
import { add, slice } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'

/**
 * Adds a trained vector per position to the embeddings, up to the model's maximum length.
 *
 * @example
 * compose([scaledDot(), learned({ standardDeviation: 0.02 })])
 */
export function learned({
  standardDeviation = 0.02,
}: { readonly standardDeviation?: number } = {}): AttentionPart {
  return {
    name: 'learned',
    source:
      'Gehring et al. 2017, Convolutional Sequence to Sequence Learning, section 3.1; Radford et al. 2018, GPT',
    positional: true,
    parameters: {
      table: {
        owner: 'embedding',
        shape: ({ maximumLength, width }) => [maximumLength, width],
        initializer: normal({ standardDeviation }),
      },
    },
    embed(context, embeddings) {
      const { start, maximumLength } = context
      const length = embeddings.shape.at(-2)!
      checkPositions('learned', 'embeddings', { start, length, maximumLength })
      return add(embeddings, slice(context.parameter('table'), [{ start, size: length }]))
    },
  }
}
