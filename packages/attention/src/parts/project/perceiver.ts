import { normal } from '@qkv/nn'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'
import { trainedQueries } from '../../projections/trained-queries.ts'

export interface PerceiverOptions {
  /** How many trained rows ask, and how many outputs there are; 32 unless said. */
  readonly latents?: number
}

/**
 * Trained rows, the latents, attend to the input: `[batch, latents, width]` from `[batch, length, width]`, in time that
 * grows with the length and not its square. It is the cross-attention at a Perceiver's bottom; the layers after it work on the latents.
 * Keys and values come from the one input of the call. Latents start small (standard deviation 0.02), so that they attend to all keys.
 *
 * @example
 * compose([scaledDot(), perceiver({ latents: 64 }), padding()])
 */
export function perceiver(options: PerceiverOptions = {}): AttentionPart {
  const { latents = 32 } = options
  checkOptions('perceiver', { latents }, wholeFrom(1))
  return {
    name: 'perceiver',
    source:
      'Jaegle et al. 2021, Perceiver: General Perception with Iterative Attention, section 3.1 (arXiv 2103.03206)',
    about: {
      year: 2021,
      formula: 'q = W z + a for trained latents z, k = U x + b, v = V x + c',
      use: 'Long inputs, such as pixels and samples of sound, that few rows are to sum up.',
    },
    options,
    ...trainedQueries({
      name: 'latents',
      count: latents,
      initializer: normal({ standardDeviation: 0.02 }),
    }),
  }
}
