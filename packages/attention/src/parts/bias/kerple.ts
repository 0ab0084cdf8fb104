import { uniform } from '@qkv/nn'
import {
  add,
  equal,
  exp,
  log,
  log1p,
  maximum,
  mul,
  neg,
  reshape,
  sigmoid,
  type Tensor,
  where,
} from '@qkv/tensor'
import { distances } from '../../biases/distances.ts'
import { checkChoice } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'

export interface KerpleOptions {
  /** How scores fall with the distance: with its logarithm, which the paper found best and is meant unless said, or with a power of it. */
  readonly form?: 'logarithmic' | 'power'
}

const perHead: ParameterDeclaration = {
  owner: 'attention',
  shape: ({ heads }) => [heads],
  initializer: uniform({ low: -1, high: 1 }),
}

/**
 * Lowers the score of a key by a trained function of its distance, two positive numbers per head: how steep it is (`r1`) and how
 * it bends (`r2`). They are exponentials of the parameters; the exponent of the power form is twice their sigmoid, between 0
 * and 2 (the published code limits the parameters themselves). Without `causal`, keys to the right count as those to the left.
 *
 * @example
 * compose([scaledDot(), kerple(), causal()])
 */
export function kerple(options: KerpleOptions = {}): AttentionPart {
  const { form = 'logarithmic' } = options
  checkChoice('kerple', { form }, ['logarithmic', 'power'])
  const biasOf = form === 'power' ? powerBias : logarithmicBias
  return {
    name: 'kerple',
    source:
      'Chi et al. 2022, KERPLE: Kernelized Relative Positional Embedding for Length Extrapolation (arXiv 2205.09921)',
    about: {
      year: 2022,
      formula: 'S = q·k / √d - r1·log(1 + r2·|i - j|), or q·k / √d - r1·|i - j|^r2',
      use: 'Texts longer than those of training, with forgetting that each head learns.',
    },
    options,
    positional: true,
    parameters: { steepness: perHead, bend: perHead },
    fused: { bias: biasOf },
    bias: (context, scores) => add(scores, biasOf(context)),
  }
}

function column(context: AttentionContext, name: string): Tensor {
  return reshape(context.parameter(name), [context.heads, 1, 1])
}

/** `[heads, query, key]` */
function logarithmicBias(context: AttentionContext): Tensor {
  const bent = mul(exp(column(context, 'bend')), distances(context))
  return neg(mul(exp(column(context, 'steepness')), log1p(bent)))
}

/** `[heads, query, key]` */
function powerBias(context: AttentionContext): Tensor {
  const distance = distances(context)
  const exponent = mul(sigmoid(column(context, 'bend')), 2)
  // 0 has no logarithm, and a gradient would pass through it.
  const power = exp(mul(exponent, log(maximum(distance, 1))))
  return neg(mul(exp(column(context, 'steepness')), where(equal(distance, 0), 0, power)))
}
