import { constant, uniform } from '@qkv/nn'
import {
  abs,
  add,
  div,
  linear,
  log1p,
  maximum,
  mul,
  relu,
  reshape,
  type Tensor,
  transpose,
} from '@qkv/tensor'
import { distances } from '../../biases/distances.ts'
import { queryPositions } from '../../pair-positions.ts'
import { checkOptions, numberAbove, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import type { AttentionPart, ParameterDeclaration } from '../../part.ts'

export interface FireOptions {
  /** Hidden units of the network; 32 unless said. */
  readonly hidden?: number
  /** Where `c` begins, the steepness of the logarithm; 0.1 unless said. */
  readonly steepness?: number
  /** Where `L` begins, in positions: queries before it see distances in proportion to it; 512 unless said. */
  readonly threshold?: number
}

/**
 * Adds what a small network makes of the distance, as a share of the position of the query: the farthest key has the same
 * share in a long text as in a short one. The logarithm that bends distances, and the position up to which shares are of
 * a fixed length, are trained. Without `causal`, keys to the right count as those to the left.
 *
 * @example
 * compose([scaledDot(), fire(), causal()])
 */
export function fire(options: FireOptions = {}): AttentionPart {
  const { hidden = 32, steepness = 0.1, threshold = 512 } = options
  checkOptions('fire', { hidden }, wholeFrom(1))
  checkOptions('fire', { steepness, threshold }, numberAbove(0))
  const biasOf = (context: AttentionContext): Tensor => networkOf(context, sharesOf(context, threshold))
  return {
    name: 'fire',
    source:
      'Li et al. 2023, Functional Interpolation for Relative Positions Improves Long Context Transformers (arXiv 2310.04418)',
    about: {
      year: 2023,
      formula:
        'S = q·k / √d + f(log(1 + c·|i - j|) / log(1 + c·max(L, i))), f a network with one hidden layer',
      use: 'Texts longer than those of training, with a bias that can take any form.',
    },
    options,
    positional: true,
    parameters: {
      hiddenWeight: trained(() => [hidden, 1], 1),
      hiddenBias: trained(() => [hidden], 1),
      outputWeight: trained(({ heads }) => [heads, hidden], hidden ** -0.5),
      outputBias: trained(({ heads }) => [heads], hidden ** -0.5),
      steepness: { owner: 'attention', shape: () => [], initializer: constant(steepness) },
      // Of the threshold that it begins with: the number itself would hardly move.
      thresholdScale: { owner: 'attention', shape: () => [], initializer: constant(1) },
    },
    fused: { bias: biasOf },
    bias: (context, scores) => add(scores, biasOf(context)),
  }
}

function trained(shape: ParameterDeclaration['shape'], bound: number): ParameterDeclaration {
  return { owner: 'attention', shape, initializer: uniform({ low: -bound, high: bound }) }
}

/** From 0 to about 1: `[query, key]`. */
function sharesOf(context: AttentionContext, threshold: number): Tensor {
  const bent = (distance: Tensor): Tensor => log1p(mul(abs(context.parameter('steepness')), distance))
  const least = mul(abs(context.parameter('thresholdScale')), threshold)
  // As in the published code, lest a steepness of 0 divide by it.
  return div(bent(distances(context)), add(bent(maximum(queryPositions(context, 'float32'), least)), 1e-6))
}

/** `[heads, query, key]` from `[query, key]`. */
function networkOf(context: AttentionContext, x: Tensor): Tensor {
  const parameter = (name: string): Tensor => context.parameter(name)
  const hidden = relu(linear(reshape(x, [...x.shape, 1]), parameter('hiddenWeight'), parameter('hiddenBias')))
  return transpose(linear(hidden, parameter('outputWeight'), parameter('outputBias')), { order: [2, 0, 1] })
}
