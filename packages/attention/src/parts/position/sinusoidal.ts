import { add, slice } from '@qkv/tensor'
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
  return {
    name: 'sinusoidal',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.5',
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
