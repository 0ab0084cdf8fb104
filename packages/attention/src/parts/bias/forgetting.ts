import { normal, zeros } from '@qkv/nn'
import { add, linear, logSigmoid } from '@qkv/tensor'
import { decayBetween } from '../../biases/decay-between.ts'
import { remembered } from '../../biases/remembered.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * The Forgetting Transformer (FoX): at each position every head decides from the input how much of all earlier keys it forgets, by
 * a gate `f = sigmoid(w·x + b)`; the score of a key loses the logarithms of all gates after it, up to that of the
 * query. Gates are kept with the values, so that it runs with caches. Without `causal`, keys to the right
 * count as those to the left.
 *
 * @example
 * compose([scaledDot(), forgetting(), causal()])
 */
export function forgetting(): AttentionPart {
  const gates = remembered((context, input) =>
    logSigmoid(linear(input, context.parameter('weight'), context.parameter('bias'))),
  )
  return {
    name: 'forgetting',
    source:
      'Lin et al. 2025, Forgetting Transformer: Softmax Attention with a Forget Gate (arXiv 2503.02130)',
    about: {
      year: 2025,
      formula: 'S = q·k / √d + Σ log sigmoid(w·x[l] + b) over l from j + 1 to i',
      use: 'Long texts without position embeddings, where a head forgets when the text says so.',
    },
    positional: true,
    selfOnly: 'gates lie between the positions of one sequence',
    parameters: {
      weight: {
        owner: 'attention',
        shape: ({ heads, width }) => [heads, width],
        initializer: normal({ standardDeviation: 0.02 }),
      },
      bias: { owner: 'attention', shape: ({ heads }) => [heads], initializer: zeros() },
    },
    queryKey: gates.queryKey,
    expand: gates.expand,
    bias: (context, scores, _, key) => add(scores, decayBetween(context, gates.read(context, key))),
  }
}
