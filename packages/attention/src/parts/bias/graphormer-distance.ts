import { normal } from '@qkv/nn'
import { add, clamp, embedding, type Tensor, transpose } from '@qkv/tensor'
import { pairsOf } from '../../biases/pairs-of.ts'
import { sampleDistances } from '../../biases/sample-pairs.ts'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface GraphormerDistanceOptions {
  /** From this distance on, in edges, all nodes share a number; 20 unless said. */
  readonly maximumDistance?: number
}

/**
 * Adds a trained number per head and shortest-path distance of two nodes of a graph. Each call brings the side input `distances`,
 * `int32` `[batch, length, length]`: the edges between the node of each query and that of each key, below 0
 * where no path leads, which has a number of its own. Each attention trains its own table, which Graphormer shares among layers.
 *
 * @example
 * compose([scaledDot(), graphormerDistance(), padding()])
 */
export function graphormerDistance(options: GraphormerDistanceOptions = {}): AttentionPart {
  const { maximumDistance = 20 } = options
  checkOptions('graphormer-distance', { maximumDistance }, wholeFrom(1))
  const biasOf = (context: AttentionContext): Tensor => {
    const steps = pairsOf(context, 'graphormer-distance', 'distances')
    // The first row is for nodes out of reach.
    const rows = add(clamp(steps, { min: -1, max: maximumDistance }), 1)
    return transpose(embedding(rows, context.parameter('table')), { order: [0, 3, 1, 2] })
  }
  return {
    name: 'graphormer-distance',
    source:
      'Ying et al. 2021, Do Transformers Really Perform Bad for Graph Representation?, section 3.1.2 (arXiv 2106.05234)',
    about: {
      year: 2021,
      formula: 'S = q·k / √d + b[h, distance(i, j)]',
      use: 'Graphs: nodes that know how far apart they are.',
    },
    options,
    selfOnly: 'the pairs are of one set of nodes',
    sideInputs: ['distances'],
    sampleSide: (sizes) => ({ distances: sampleDistances(sizes) }),
    parameters: {
      // One row for nodes out of reach, then one per distance from 0 on.
      table: {
        owner: 'attention',
        shape: ({ heads }) => [maximumDistance + 2, heads],
        initializer: normal({ standardDeviation: 0.02 }),
      },
    },
    fused: { bias: biasOf },
    bias: (context, scores) => add(scores, biasOf(context)),
  }
}
