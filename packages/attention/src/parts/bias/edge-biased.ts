import { normal } from '@qkv/nn'
import { add, matmul, mul, repeatKeyHeads, reshape, sum, type Tensor, transpose } from '@qkv/tensor'
import { pairsOf } from '../../biases/pairs-of.ts'
import { samplePairs } from '../../biases/sample-pairs.ts'
import { checkChoice, checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'

export interface EdgeBiasedOptions {
  /** Numbers that describe an edge; 1 unless said. */
  readonly features?: number
  /**
   * `times`, the paper's and meant unless said, is a score: edge features are mapped to each column of the heads, and multiply the
   * products of queries and keys there. `plus` maps them to one number per head, and adds it to any score.
   */
  readonly combine?: 'times' | 'plus'
}

/**
 * Scores that features of an edge take part in. Each call brings the side input `edges`, `[batch, length, length, features]`: what the
 * edge from the node of a key to that of a query is like. Where no edge is, zeros give a score of 0 or none; the paper attends to
 * neighbours only, which a mask of the call can say.
 *
 * @example
 * compose([edgeBiased({ features: 3 }), padding()])
 */
export function edgeBiased(options: EdgeBiasedOptions = {}): AttentionPart {
  const { features = 1, combine = 'times' } = options
  checkOptions('edge-biased', { features }, wholeFrom(1))
  checkChoice('edge-biased', { combine }, ['times', 'plus'])
  const shared = {
    name: 'edge-biased',
    source:
      'Dwivedi and Bresson 2020, A Generalization of Transformer Networks to Graphs, the layer with edge features (arXiv 2012.09699)',
    about: {
      year: 2020,
      formula: 'S = Σ q[c]·k[c]·(E e[i, j])[c] / √d, or S + E e[i, j]',
      use: 'Graphs whose edges say something, one edge at a time.',
    },
    options,
    selfOnly: 'the pairs are of one set of nodes',
    sideInputs: ['edges'],
    sampleSide: (sizes) => ({
      edges: samplePairs(sizes, [features], (entry, query, key, rest) =>
        Math.sin(2 + 5 * entry + 3 * query + 7 * key + rest),
      ),
    }),
  } satisfies AttentionPart
  const edgesOf = (context: AttentionContext): Tensor =>
    pairsOf(context, 'edge-biased', 'edges', [{ axis: 'features', size: features }])
  if (combine === 'plus') {
    const biasOf = (context: AttentionContext): Tensor =>
      transpose(matmul(edgesOf(context), context.parameter('weight')), { order: [0, 3, 1, 2] })
    return {
      ...shared,
      parameters: {
        weight: {
          owner: 'attention',
          shape: ({ heads }) => [features, heads],
          initializer: normal({ standardDeviation: 0.02 }),
        },
      },
      fused: { bias: biasOf },
      bias: (context, scores) => add(scores, biasOf(context)),
    }
  }
  return {
    ...shared,
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads, headSize }) => [heads, features, headSize],
        initializer: normal({ standardDeviation: features ** -0.5 }),
      },
    },
    score: (context, query, key) => productsByEdge(context, edgesOf(context), query, key),
  }
}

/** One product of query and key for each feature, which then weighs it: no map of the edges as wide as a head is made. */
function productsByEdge(context: AttentionContext, edges: Tensor, query: Tensor, key: Tensor): Tensor {
  const [batch, heads, queries, size] = query.shape as [number, number, number, number]
  const [, , keys, features] = edges.shape as [number, number, number, number]
  const weight = reshape(context.parameter('weight'), [heads, features, 1, size])
  const asked = mul(reshape(query, [batch, heads, 1, queries, size]), weight)
  const columns = reshape(transpose(repeatKeyHeads(key, heads)), [batch, heads, 1, size, keys])
  const weighed = mul(
    matmul(asked, columns),
    reshape(transpose(edges, { order: [0, 3, 1, 2] }), [batch, 1, features, queries, keys]),
  )
  return mul(sum(weighed, { axis: 2 }), size ** -0.5)
}
