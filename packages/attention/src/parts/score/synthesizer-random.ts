import { normal } from '@qkv/nn'
import { broadcastTo, slice } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'

/**
 * Scores are trained numbers, one per head, query position and key position: the same for every text. Queries and keys do not
 * count.
 *
 * @example
 * compose([synthesizerRandom(), causal()])
 */
export function synthesizerRandom(): AttentionPart {
  return {
    name: 'synthesizer-random',
    source:
      'Tay et al. 2020, Synthesizer: Rethinking Self-Attention in Transformer Models, Random Synthesizer (arXiv 2005.00743)',
    about: {
      year: 2020,
      formula: 'S = R, trained',
      use: 'To see how much of attention needs the text at all: mixing that depends on positions only.',
    },
    selfOnly: 'its scores are for the positions of one sequence',
    parameters: {
      scores: {
        owner: 'attention',
        shape: ({ heads, maximumLength }) => [heads, maximumLength, maximumLength],
        initializer: normal({ standardDeviation: 1 }),
      },
    },
    score(context, query) {
      const { heads, queryStart, queryLength, keyLength, maximumLength } = context
      checkPositions('synthesizer-random', 'query', { start: queryStart, length: queryLength, maximumLength })
      checkPositions('synthesizer-random', 'key', { start: 0, length: keyLength, maximumLength })
      const rows = { start: queryStart, size: queryLength }
      const scores = slice(context.parameter('scores'), [{}, rows, { size: keyLength }])
      return broadcastTo(scores, [query.shape[0]!, heads, queryLength, keyLength])
    },
  }
}
