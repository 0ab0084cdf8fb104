import { normal, ones } from '@qkv/nn'
import {
  add,
  concat,
  exp,
  matmul,
  mul,
  repeatKeyHeads,
  rmsNorm,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { checkOptions, even, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'
import { halvesClaim } from '../../positions/rotation-claim.ts'

export interface DifferentialOptions {
  /** Which layer it is in, from 1 on: the second map then starts with the share `0.8 - 0.6 exp(-0.3 (layer - 1))`; 0.8 unless said. */
  readonly layer?: number
}

/**
 * The difference of two softmax maps, which cancels what both give to keys that do not matter. Queries and keys split in
 * halves, one for each map, so that a head has one output of the usual size: scores and weights are
 * `[batch, 2 * heads, query, key]`, the first maps of all heads before the second ones, until the difference is taken. Each output row is
 * divided by its root mean square and multiplied by one minus the starting share.
 *
 * The head size is even. Masks are the same for both maps, and so is a bias: parts with numbers or rows for each head are refused beside it.
 *
 * @example
 * compose([differential({ layer: 3 }), causal()])
 */
export function differential(options: DifferentialOptions = {}): AttentionPart {
  const { layer } = options
  checkOptions('differential', { layer }, wholeFrom(1))
  const initialShare = layer === undefined ? 0.8 : 0.8 - 0.6 * Math.exp(-0.3 * (layer - 1))
  const vector: ParameterDeclaration = {
    owner: 'attention',
    shape: ({ headSize }) => [half(headSize)],
    initializer: normal({ standardDeviation: 0.1 }),
  }
  return {
    name: 'differential',
    source: 'Ye et al. 2024, Differential Transformer, section 2.1 (arXiv 2410.05258)',
    about: {
      year: 2024,
      formula:
        'o = (1 - λ0) RMSNorm((softmax(q1·k1 / √(d/2)) - λ softmax(q2·k2 / √(d/2))) v), λ = exp(a1·b1) - exp(a2·b2) + λ0',
      use: 'Texts where few of many keys matter: noise that both maps share is taken away.',
    },
    options,
    // Columns that are turned together would come into two maps.
    claims: halvesClaim,
    resizes: { scoreMaps: 'each head has two maps of scores' },
    parameters: {
      query1: vector,
      key1: vector,
      query2: vector,
      key2: vector,
      gain: { owner: 'attention', shape: ({ headSize }) => [headSize], initializer: ones() },
    },
    score(_, query, key) {
      const size = half(query.shape[3]!)
      const keys = transpose(repeatKeyHeads(key, query.shape[1]!))
      const maps = [0, size].map((start) =>
        matmul(slice(query, [{}, {}, {}, { start, size }]), slice(keys, [{}, {}, { start, size }])),
      )
      return mul(concat(maps, { axis: 1 }), size ** -0.5)
    },
    weights(context, weights) {
      const size = weights.shape[1]! / 2
      const [first, second] = [0, size].map((start) => slice(weights, [{}, { start, size }]))
      return sub(first!, mul(second!, shareOf(context, initialShare)))
    },
    output: (context, output) =>
      mul(rmsNorm(output, { weight: context.parameter('gain'), epsilon: 1e-5 }), 1 - initialShare),
  }
}

/** How much of the second map is taken away, one number. */
function shareOf(context: AttentionContext, initialShare: number): Tensor {
  const product = (map: number): Tensor =>
    exp(sum(mul(context.parameter(`query${map}`), context.parameter(`key${map}`))))
  return add(sub(product(1), product(2)), initialShare)
}

function half(headSize: number): number {
  const fix = 'Each of the two maps reads half of the columns: change the width or the number of heads.'
  checkOptions('differential', { headSize }, even, fix)
  return headSize / 2
}
