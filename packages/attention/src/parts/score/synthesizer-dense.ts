import { zeros } from '@qkv/nn'
import { add, matmul, relu, reshape, slice, transpose } from '@qkv/tensor'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { unitScores } from '../../scores/unit-scores.ts'

/**
 * Scores come from the query's token alone, one for each position: a network with one hidden layer, whose first map is the
 * attention's own query projection. Keys do not count.
 *
 * @example
 * compose([synthesizerDense(), causal()])
 */
export function synthesizerDense(): AttentionPart {
  return {
    name: 'synthesizer-dense',
    source:
      'Tay et al. 2020, Synthesizer: Rethinking Self-Attention in Transformer Models, Dense Synthesizer (arXiv 2005.00743)',
    about: {
      year: 2020,
      formula: 'S_i = W ReLU(q_i) + b, one row of W for each position',
      use: 'To see how much of attention needs the keys: tasks whose patterns lie in positions.',
    },
    selfOnly: 'its scores are for the positions of one sequence',
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads, maximumLength, headSize }) => [heads, maximumLength, headSize],
        initializer: unitScores,
      },
      bias: {
        owner: 'attention',
        shape: ({ heads, maximumLength }) => [heads, maximumLength],
        initializer: zeros(),
      },
    },
    score(context, query) {
      const { heads, keyLength: size, maximumLength } = context
      checkPositions('synthesizer-dense', 'key', { start: 0, length: size, maximumLength })
      const weight = transpose(slice(context.parameter('weight'), [{}, { size }]))
      const bias = slice(context.parameter('bias'), [{}, { size }])
      return add(matmul(relu(query), weight), reshape(bias, [heads, 1, size]))
    },
  }
}
