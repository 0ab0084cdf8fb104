import {
  argmax,
  equal,
  logicalAnd,
  logicalOr,
  matmul,
  mean,
  repeatKeyHeads,
  reshape,
  stopGradient,
  sub,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import { ownPosition } from '../../masks/position-masks.ts'
import type { AttentionPart } from '../../part.ts'
import { seededNormal } from '../../seeded.ts'

export interface RoutingOptions {
  /** How many clusters each head has, best near the square root of the length; 8 unless said. */
  readonly clusters?: number
  /** What the centroids are drawn by; 0 unless said. */
  readonly seed?: number
}

/**
 * A query sees the keys of its own cluster: those whose nearest centroid is also its own, after both were centred as by a layer norm. It
 * always sees its own position, and only what the masks keep.
 *
 * The centroids `[heads, clusters, headSize]` are a buffer that is stored. The paper moves them towards their members after each training
 * step; here they stay as they were drawn, of unit length, unless the caller assigns others. Clusters are as large as they come, where
 * the paper gives each the same number of members, for which it looks at later positions.
 *
 * @example
 * compose([scaledDot(), routing({ clusters: 16 }), causal()])
 */
export function routing(options: RoutingOptions = {}): AttentionPart {
  const { clusters = 8, seed = 0 } = options
  checkOptions('routing', { clusters }, wholeFrom(1), 'Choose about the square root of the length.')
  checkOptions('routing', { seed }, wholeFrom(0), 'Any whole number such as 1 will do.')
  return {
    name: 'routing',
    source:
      'Roy et al. 2020, Efficient Content-Based Sparse Attention with Routing Transformers (arXiv 2003.05997)',
    about: {
      year: 2020,
      formula: 'keep where argmax_c μ_c·LN(q) = argmax_c μ_c·LN(k), or i = j',
      use: 'Long texts of which a word needs the few that are about the same.',
    },
    options,
    selfOnly: 'a query sees its own position',
    positional: true,
    countsOn: ['scoreMaps', 'keyColumns'],
    buffers: {
      centroids: {
        owner: 'attention',
        persistent: true,
        create({ heads, headSize }) {
          const drawn = Float32Array.from({ length: heads * clusters * headSize }, seededNormal(seed))
          return { shape: [heads, clusters, headSize], data: unitRows(drawn, headSize) }
        },
      },
    },
    select(context, _scores, query, key, keep) {
      const centroids = context.buffer('centroids')
      const queries = clustersOf(query, centroids)
      const keys = clustersOf(repeatKeyHeads(key, query.shape[1]!), centroids)
      const [batch, heads, keyLength] = keys.shape as [number, number, number]
      const same = equal(reshape(queries, [...queries.shape, 1]), reshape(keys, [batch, heads, 1, keyLength]))
      return logicalAnd(keep, logicalOr(same, ownPosition(context)))
    },
  }
}

/** int32 `[batch, heads, length]`; the layer norm's division by a positive number changes no order. */
function clustersOf(x: Tensor, centroids: Tensor): Tensor {
  const constant = stopGradient(x)
  const centred = sub(constant, mean(constant, { axis: -1, keepAxes: true }))
  return argmax(matmul(centred, transpose(centroids, { order: [0, 2, 1] })), { axis: -1 })
}

function unitRows(values: Float32Array, size: number): Float32Array {
  return values.map((value, index) => {
    const row = values.subarray(index - (index % size), index - (index % size) + size)
    return value / Math.hypot(...row)
  })
}
