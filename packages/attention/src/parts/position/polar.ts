import { constant, uniform } from '@qkv/nn'
import {
  add,
  clamp,
  concat,
  cos,
  matmul,
  mul,
  repeatKeyHeads,
  reshape,
  sin,
  slice,
  softplus,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { checkChoice, checkOptions, numberAbove } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart } from '../../part.ts'
import { checkPositions } from '../../positions/check-positions.ts'
import { rotationClaim } from '../../positions/rotation-claim.ts'

export interface PolarOptions {
  /** What the frequencies are powers of; 10000 unless said. */
  readonly base?: number
  /** How the trained phases begin: anywhere in a turn, or at `zero`, for longer sequences than those of training; `uniform` unless said. */
  readonly phases?: 'uniform' | 'zero'
}

/**
 * Scores in polar coordinates (PoPE): each column of a query or key is a length, its softplus, and the position alone is its angle, so
 * that what is sought and where do not mix. Each key head trains a phase per column, kept between minus one turn and 0. It scores by
 * itself, in place of `scaled-dot`; cached keys are twice as wide.
 *
 * @example
 * compose([polar(), causal()])
 */
export function polar(options: PolarOptions = {}): AttentionPart {
  const { base = 10000, phases = 'uniform' } = options
  checkOptions('polar', { base }, numberAbove(0))
  checkChoice('polar', { phases }, ['uniform', 'zero'])
  const turn = 2 * Math.PI
  return {
    name: 'polar',
    source:
      'Gopalakrishnan et al. 2025, Decoupling the "What" and "Where" With Polar Coordinate Positional Embeddings (arXiv 2509.10534)',
    about: {
      year: 2025,
      formula:
        'S = Σ_c softplus(q_c)·softplus(k_c)·cos((j - i)·θ_c + δ_c) / √d, θ_c = base^(-c / d), δ trained',
      use: 'Language models that look for content and for position independently, on longer texts too.',
    },
    options,
    positional: true,
    claims: rotationClaim,
    resizes: { keyColumns: 'its queries and keys have two columns for each of the head size' },
    // Queries have two columns for each of their own when they are scored.
    fused: { scale: ({ headSize }) => (headSize / 2) ** -0.5 },
    parameters: {
      phases: {
        owner: 'attention',
        shape: ({ keyHeads, headSize }) => [keyHeads, headSize],
        initializer: phases === 'zero' ? constant(0) : uniform({ low: -turn, high: 0 }),
      },
    },
    buffers: {
      angles: {
        owner: 'attention',
        persistent: false,
        create: ({ maximumLength, headSize }) => ({
          shape: [maximumLength, headSize],
          data: Float64Array.from({ length: maximumLength * headSize }, (_, index) => {
            const angle = Math.floor(index / headSize) * base ** (-(index % headSize) / headSize)
            // Large angles would lose their fraction of a turn in float32.
            return angle % turn
          }),
        }),
      },
    },
    queryKey(context, query, key) {
      const phase = clamp(context.parameter('phases'), { min: -turn, max: 0 })
      const [keyHeads, size] = phase.shape as [number, number]
      const keyAngles = add(
        anglesOf(context, 'key', key, context.keyStart),
        reshape(phase, [keyHeads, 1, size]),
      )
      return {
        query: cartesian(query, anglesOf(context, 'query', query, context.queryStart)),
        key: cartesian(key, keyAngles),
      }
    },
    score(context, query, key) {
      const products = matmul(query, transpose(repeatKeyHeads(key, query.shape[1]!)))
      return mul(products, context.headSize ** -0.5)
    },
  }
}

function anglesOf(context: AttentionContext, argument: string, x: Tensor, start: number): Tensor {
  const length = x.shape[2]!
  checkPositions('polar', argument, { start, length, maximumLength: context.maximumLength })
  return slice(context.buffer('angles'), [{ start, size: length }])
}

/** `[batch, heads, length, 2 * headSize]` */
function cartesian(x: Tensor, angles: Tensor): Tensor {
  const lengths = softplus(x)
  return concat([mul(lengths, cos(angles)), mul(lengths, sin(angles))], { axis: -1 })
}
