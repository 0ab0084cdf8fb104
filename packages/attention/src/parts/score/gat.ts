import { add, leakyRelu, matmul, repeatKeyHeads, reshape, transpose } from '@qkv/tensor'
import { checkOptions, finite } from '../../check-options.ts'
import { adjacencyMask, sampleAdjacency } from '../../masks/adjacency-mask.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { unitScores } from '../../scores/unit-scores.ts'

export interface GatOptions {
  /** What negative scores are multiplied by; 0.2 unless said. */
  readonly slope?: number
}

/**
 * Graph attention: scores are a number of the query plus a number of the key, through a LeakyReLU. Each call brings the side input
 * `adjacency`, `bool` `[batch, query, key]` with true for neighbours, a node itself among them, or says `'none'` for all nodes.
 * The order of the keys is the same for every query: see `gatv2`. Queries and keys are maps of their own, where the paper has one for both.
 *
 * @example
 * compose([gat(), padding()])
 */
export function gat(options: GatOptions = {}): AttentionPart {
  const { slope = 0.2 } = options
  checkOptions('gat', { slope }, finite)
  const vector: ParameterDeclaration = {
    owner: 'attention',
    shape: ({ heads, headSize }) => [heads, headSize],
    initializer: unitScores,
  }
  return {
    name: 'gat',
    source: 'Veličković et al. 2017, Graph Attention Networks, section 2.1 (arXiv 1710.10903)',
    about: {
      year: 2017,
      formula: 'S_ij = LeakyReLU(a·q_i + b·k_j) for neighbours j of i',
      use: 'Graphs, with few parameters.',
    },
    options,
    sideInputs: ['adjacency'],
    sampleSide: sampleAdjacency,
    parameters: { queryVector: vector, keyVector: vector },
    mask: (context) => adjacencyMask('gat', context),
    score(context, query, key) {
      const [, heads, , size] = query.shape as [number, number, number, number]
      const column = (name: string) => reshape(context.parameter(name), [heads, size, 1])
      const rows = matmul(query, column('queryVector'))
      const columns = transpose(matmul(repeatKeyHeads(key, heads), column('keyVector')))
      return leakyRelu(add(rows, columns), { negativeSlope: slope })
    },
  }
}
