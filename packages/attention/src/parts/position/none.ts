import type { AttentionPart } from '../../part.ts'

/**
 * No positions at all (NoPE), said by name. Without a mask the order of the inputs then means nothing; with `causal` each
 * position sees how many are before it, from which a decoder can learn the order.
 *
 * @example
 * compose([scaledDot(), none(), causal()])
 */
export function none(): AttentionPart {
  return {
    name: 'none',
    source:
      'Kazemnejad et al. 2023, The Impact of Positional Encoding on Length Generalization in Transformers (arXiv 2305.19466)',
    about: {
      year: 2023,
      formula: 'S = q·k / √d, and nothing else',
      use: 'Causal decoders on sequences longer than those of training, and sets, whose order means nothing.',
    },
    positional: true,
  }
}
