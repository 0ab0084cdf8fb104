import { normal } from '@qkv/nn'
import { add, slice } from '@qkv/tensor'
import { checkOptions, numberAbove } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'

export interface LearnedOptions {
  /** Of the numbers of the vectors at first; 0.02 unless said. */
  readonly standardDeviation?: number
}

/**
 * Adds a trained vector per position to the embeddings, up to the model's maximum length.
 *
 * @example
 * compose([scaledDot(), learned({ standardDeviation: 0.02 })])
 */
export function learned(options: LearnedOptions = {}): AttentionPart {
  const { standardDeviation = 0.02 } = options
  checkOptions('learned', { standardDeviation }, numberAbove(0))
  return {
    name: 'learned',
    source:
      'Gehring et al. 2017, Convolutional Sequence to Sequence Learning, section 3.1; Radford et al. 2018, GPT',
    about: {
      year: 2017,
      formula: 'x_i + P_i, P trained',
      use: 'Sequences that are never longer than those of training, as in BERT and GPT-2.',
    },
    options,
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
