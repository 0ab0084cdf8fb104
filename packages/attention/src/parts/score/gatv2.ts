import { leakyRelu, mul, reshape, sum } from '@qkv/tensor'
import { checkOptions, finite } from '../../check-options.ts'
import { adjacencyMask, sampleAdjacency } from '../../masks/adjacency-mask.ts'
import type { AttentionPart } from '../../part.ts'
import { pairSums } from '../../scores/pair-sums.ts'
import { unitScores } from '../../scores/unit-scores.ts'

export interface Gatv2Options {
  /** What negative elements are multiplied by; 0.2 unless said. */
  readonly slope?: number
}

/**
 * Graph attention with the trained vector after the LeakyReLU, so that each query can have an order of keys of its own. Each call
 * brings the side input `adjacency`, `bool` `[batch, query, key]` with true for neighbours, a node itself among them, or says
 * `'none'` for all nodes. It needs `headSize` times the memory of `gat`.
 *
 * @example
 * compose([gatv2(), padding()])
 */
export function gatv2(options: Gatv2Options = {}): AttentionPart {
  const { slope = 0.2 } = options
  checkOptions('gatv2', { slope }, finite)
  return {
    name: 'gatv2',
    source: 'Brody et al. 2021, How Attentive are Graph Attention Networks?, section 3.3 (arXiv 2105.14491)',
    about: {
      year: 2021,
      formula: 'S_ij = a·LeakyReLU(q_i + k_j) for neighbours j of i',
      use: 'Graphs in which what matters about a neighbour depends on who asks.',
    },
    options,
    sideInputs: ['adjacency'],
    sampleSide: sampleAdjacency,
    parameters: {
      vector: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, headSize],
        initializer: unitScores,
      },
    },
    mask: (context) => adjacencyMask('gatv2', context),
    score(context, query, key) {
      const [, heads, , size] = query.shape as [number, number, number, number]
      const vector = reshape(context.parameter('vector'), [heads, 1, 1, size])
      return sum(mul(leakyRelu(pairSums(query, key), { negativeSlope: slope }), vector), { axis: -1 })
    },
  }
}
