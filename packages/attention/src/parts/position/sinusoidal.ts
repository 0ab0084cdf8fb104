import { add, slice } from '@qkv/tensor'
import { checkChoice } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { type SinusoidalOptions, sinusoidalTable } from '../../positions/sinusoidal-table.ts'

/**
 * Adds fixed sines and cosines of the position to the embeddings, interleaved unless said. The table is a buffer: it moves
 * with the device, is not trained, and is not stored, since it can be computed.
 *
 * @example
 * compose([scaledDot(), sinusoidal()])
 */
export function sinusoidal(options: SinusoidalOptions = {}): AttentionPart {
  const { formula = 'exponential', layout = 'interleaved' } = options
  checkChoice('sinusoidal', { formula }, ['exponential', 'power', 'vectorized'])
  checkChoice('sinusoidal', { layout }, ['interleaved', 'concatenated', 'tensor2tensor'])
  return {
    name: 'sinusoidal',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.5 (arXiv 1706.03762)',
    about: {
      year: 2017,
      formula: 'x_i + P_i, P_(i,2c) = sin(i·10000^(-2c / width)), P_(i,2c+1) = cos of the same',
      use: 'Positions without parameters, as in the first Transformer.',
    },
    options,
    positional: true,
    buffers: {
      table: {
        owner: 'embedding',
        persistent: false,
        create: ({ maximumLength, width }) => ({
          shape: [maximumLength, width],
          data: sinusoidalTable(maximumLength, width, options),
        }),
      },
    },
    embed(context, embeddings) {
      const { start, maximumLength } = context
      const length = embeddings.shape.at(-2)!
      checkPositions('sinusoidal', 'embeddings', { start, length, maximumLength })
      return add(embeddings, slice(context.buffer('table'), [{ start, size: length }]))
    },
  }
}
