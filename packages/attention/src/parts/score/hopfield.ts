import { zeros } from '@qkv/nn'
import { exp, mul, reshape, type Tensor } from '@qkv/tensor'
import { checkOptions, numberAbove, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { intersectMasks, type Mask, noMask } from '../../masks/mask.ts'
import type { AttentionPart } from '../../part.ts'
import { products } from '../../scores/products.ts'

export interface HopfieldOptions {
  /** How sharply patterns are told apart, a positive number; 1 / √d unless said. */
  readonly beta?: number
  /** How often queries are updated, the last time into values; with 1 it is a score that takes any masks and biases. 2 unless said. */
  readonly steps?: number
  /** Whether each head trains its β from there; false unless said. */
  readonly trained?: boolean
}

/**
 * A memory of keys: each step moves every query to the mixture of the keys that it attends to, until it rests near one of them, or
 * near the mean of some; the last step reads the values. With more than one step it obeys `causal` and `padding` by itself, and has no
 * score matrix for others. One step with a β that is not trained runs fused.
 *
 * @example
 * compose([hopfield({ beta: 2, steps: 3 }), padding()])
 */
export function hopfield(options: HopfieldOptions = {}): AttentionPart {
  const { beta, steps = 2, trained = false } = options
  checkOptions('hopfield', { beta }, numberAbove(0))
  checkOptions('hopfield', { steps }, wholeFrom(1))
  const start = (headSize: number): number => beta ?? 1 / Math.sqrt(headSize)
  const description: AttentionPart = {
    name: 'hopfield',
    source: 'Ramsauer et al. 2020, Hopfield Networks is All You Need, section 2 (arXiv 2008.02217)',
    about: {
      year: 2020,
      formula: "q' = Σ_j softmax_j(β q·k_j) k_j, again and again; o = Σ_j softmax_j(β q·k_j) v_j",
      use: 'Memories that complete a part of a pattern: few clean prototypes instead of a mean of everything.',
    },
    options,
    ...(trained && {
      // Of β over its start.
      parameters: {
        logBeta: { owner: 'attention', shape: ({ heads }) => [heads], initializer: zeros() },
      },
    }),
  }
  const scorer: AttentionPart = {
    ...description,
    ...(!trained && { fused: { scale: ({ headSize }) => start(headSize) } }),
    score(context, query, key) {
      const scores = mul(products(query, key), start(query.shape[3]!))
      if (!trained) return scores
      return mul(scores, exp(reshape(context.parameter('logBeta'), [query.shape[1]!, 1, 1])))
    },
  }
  if (steps === 1) return scorer
  return {
    ...description,
    obeys: ['causal', 'padding'],
    mix(context, query, key, value) {
      const mask = ownMask(context)
      let state: Tensor = query
      for (let step = 1; step < steps; step++) state = context.run([scorer], state, key, key, mask)
      return context.run([scorer], state, key, value, mask)
    },
  }
}

function ownMask(context: AttentionContext): Mask {
  const keep = context.sideInput('padding')
  return intersectMasks([
    context.causal ? { kind: 'causal' } : noMask,
    keep ? { kind: 'tensor', keep: reshape(keep, [keep.shape[0]!, 1, 1, keep.shape[1]!]) } : noMask,
  ])
}
