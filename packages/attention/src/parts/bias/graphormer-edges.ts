import { normal } from '@qkv/nn'
import {
  add,
  arange,
  cast,
  div,
  less,
  matmul,
  maximum,
  minimum,
  reshape,
  type Tensor,
  transpose,
  where,
} from '@qkv/tensor'
import { pairsOf } from '../../biases/pairs-of.ts'
import { sampleDistances, samplePairs } from '../../biases/sample-pairs.ts'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface GraphormerEdgesOptions {
  /** How many of the first edges of a path count; 5 unless said. */
  readonly maximumDistance?: number
  /** Numbers that describe an edge; 1 unless said. */
  readonly features?: number
}

/**
 * Adds the mean, over the edges of the shortest path between two nodes of a graph, of products of their features with weights that
 * are trained for each place in the path and each head. Each call brings two side inputs: `distances`, `int32`
 * `[batch, length, length]`, the edges of the path, 0 from a node to itself and below 0 where no path leads (nothing is added
 * to both); and `pathEdges`, `[batch, length, length, maximumDistance, features]`, the features of these edges in
 * order, whose entries after the end of a path count for nothing.
 *
 * @example
 * compose([scaledDot(), graphormerDistance(), graphormerEdges({ features: 3 }), padding()])
 */
export function graphormerEdges(options: GraphormerEdgesOptions = {}): AttentionPart {
  const { maximumDistance = 5, features = 1 } = options
  checkOptions('graphormer-edges', { maximumDistance, features }, wholeFrom(1))
  const biasOf = (context: AttentionContext): Tensor => meanOverPath(context, maximumDistance, features)
  return {
    name: 'graphormer-edges',
    source:
      'Ying et al. 2021, Do Transformers Really Perform Bad for Graph Representation?, section 3.1.3 (arXiv 2106.05234)',
    about: {
      year: 2021,
      formula: 'S = q·k / √d + Σ x[e_n]·w[n, h] / N over the N edges e_n of the shortest path',
      use: 'Graphs whose edges say something, such as molecules.',
    },
    options,
    selfOnly: 'the pairs are of one set of nodes',
    sideInputs: ['distances', 'pathEdges'],
    sampleSide: (sizes) => ({
      distances: sampleDistances(sizes),
      pathEdges: samplePairs(sizes, [maximumDistance, features], (entry, query, key, rest) =>
        Math.sin(1 + 7 * entry + 3 * query + 5 * key + 2 * rest),
      ),
    }),
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads }) => [maximumDistance, features, heads],
        initializer: normal({ standardDeviation: 0.02 }),
      },
    },
    fused: { bias: biasOf },
    bias: (context, scores) => add(scores, biasOf(context)),
  }
}

/** `[batch, heads, query, key]` */
function meanOverPath(context: AttentionContext, maximumDistance: number, features: number): Tensor {
  const name = 'graphormer-edges'
  const steps = pairsOf(context, name, 'distances')
  const edges = pairsOf(context, name, 'pathEdges', [
    { axis: 'maximumDistance', size: maximumDistance },
    { axis: 'features', size: features },
  ])
  const [batch, queries, keys] = steps.shape as [number, number, number]
  const counted = minimum(cast(steps, 'float32'), maximumDistance)
  const places = arange(context.device, maximumDistance, { dtype: 'float32' })
  const onPath = reshape(less(places, reshape(counted, [batch, queries, keys, 1])), [
    batch,
    queries,
    keys,
    maximumDistance,
    1,
  ])
  const columns = reshape(where(onPath, edges, 0), [batch, queries, keys, maximumDistance * features])
  const weight = reshape(context.parameter('weight'), [maximumDistance * features, context.heads])
  const sums = transpose(matmul(columns, weight), { order: [0, 3, 1, 2] })
  return div(sums, reshape(maximum(counted, 1), [batch, 1, queries, keys]))
}
