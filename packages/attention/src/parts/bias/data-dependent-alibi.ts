import { constant, normal } from '@qkv/nn'
import { add, exp, linear, mul, neg, softplus } from '@qkv/tensor'
import { decayBetween } from '../../biases/decay-between.ts'
import { remembered } from '../../biases/remembered.ts'
import type { AttentionPart } from '../../part.ts'
import { alibiSlopes } from './alibi.ts'

/**
 * ALiBi whose positions are not one step apart: how long a step is, each head decides from the input there, by
 * `softplus(w·x + b)`, and its slope is trained. It begins as ALiBi, with steps of about 1 and the same slopes.
 *
 * The form of the decay, step length times slope, is that of Mamba-2, here in the scores of a softmax. The name is also used, in
 * x-transformers for one, for the gates of the Forgetting Transformer, which are `forgetting` here. Step lengths are kept
 * with the values, so that it runs with caches. Without `causal`, keys to the right count as those to the left.
 *
 * @example
 * compose([scaledDot(), dataDependentAlibi(), causal()])
 */
export function dataDependentAlibi(): AttentionPart {
  const decays = remembered((context, input) => {
    const steps = softplus(linear(input, context.parameter('weight'), context.parameter('bias')))
    return neg(mul(steps, exp(context.parameter('logSlopes'))))
  })
  return {
    name: 'data-dependent-alibi',
    source:
      'Dao and Gu 2024, Transformers are SSMs (Mamba-2), section 7 (arXiv 2405.21060), as a bias: Lin et al. 2025, Forgetting Transformer (arXiv 2503.02130)',
    about: {
      year: 2025,
      formula: 'S = q·k / √d - slope·Σ softplus(w·x[l] + b) over l from j + 1 to i',
      use: 'As ALiBi, where some positions should count for more steps than others.',
    },
    positional: true,
    selfOnly: 'steps lie between the positions of one sequence',
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads, width }) => [heads, width],
        initializer: normal({ standardDeviation: 0.02 }),
      },
      // The softplus of which is 1.
      bias: {
        owner: 'attention',
        shape: ({ heads }) => [heads],
        initializer: constant(Math.log(Math.expm1(1))),
      },
      logSlopes: {
        owner: 'attention',
        shape: ({ heads }) => [heads],
        initializer: ({ device }, shape) => device.tensor(alibiSlopes(shape[0]!).map(Math.log), { shape }),
      },
    },
    queryKey: decays.queryKey,
    expand: decays.expand,
    bias: (context, scores, _, key) => add(scores, decayBetween(context, decays.read(context, key))),
  }
}
