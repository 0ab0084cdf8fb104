import { broadcastTo, layerNorm, mul, repeatKeyHeads, type Tensor } from '@qkv/tensor'
import { checkOptions, numberAbove } from '../../check-options.ts'
import { withoutPadding } from '../../mixers/features.ts'
import { linearRecurrence } from '../../mixers/linear-recurrence.ts'
import { mixByRecurrence } from '../../mixers/mix-by-recurrence.ts'
import type { AttentionPart } from '../../part.ts'

export interface RetentionOptions {
  /** Added to the variance of each head's output; 1e-5 unless said. */
  readonly epsilon?: number
}

/**
 * Scores without a softmax that fade by a fixed factor per position, another one for each head; the output of each head is
 * normalised (a group norm without weights, which the output projection has). Parallel over a text, and a recurrence with a state of
 * one size while generating. No query sees a later position, with or without `causal`. RetNet turns queries and keys too: add `xpos`
 * or `rope`. Its gate on the output, a swish of a map of the input, is left out.
 *
 * @example
 * compose([retention(), causal(), padding()])
 */
export function retention(options: RetentionOptions = {}): AttentionPart {
  const { epsilon = 1e-5 } = options
  checkOptions('retention', { epsilon }, numberAbove(0))
  const recur: Required<AttentionPart>['recur'] = (context, state, query, key, value) => {
    const [batch, heads, length, size] = query.shape as [number, number, number, number]
    const keys = withoutPadding(context, mul(repeatKeyHeads(key, heads), size ** -0.5))
    const recurrence = linearRecurrence({
      query,
      key: keys,
      value: repeatKeyHeads(value, heads),
      logDecay: broadcastTo(context.buffer('logDecay'), [batch, heads, length]),
      state: state?.[0],
    })
    return { output: recurrence.output, state: [recurrence.state] }
  }
  return {
    name: 'retention',
    source: 'Sun et al. 2023, Retentive Network: A Successor to Transformer, section 2 (arXiv 2307.08621)',
    about: {
      year: 2023,
      formula: 'o = norm(Σ_(j ≤ i) γ^(i - j) (q·k / √d) v), γ = 1 - 2^(-5 - h) for heads h from 0',
      use: 'Generation whose time and memory per token do not grow, trained in parallel.',
    },
    options,
    selfOnly: 'a recurrence reads queries and keys of the same positions',
    obeys: ['causal', 'padding'],
    buffers: {
      logDecay: {
        owner: 'attention',
        persistent: false,
        create: ({ heads }) => ({ shape: [heads, 1], data: logDecays(heads) }),
      },
    },
    recur,
    mix: mixByRecurrence(recur),
    output: (_, output): Tensor => layerNorm(output, { epsilon }),
  }
}

function logDecays(heads: number): Float64Array {
  return Float64Array.from({ length: heads }, (_, head) => Math.log1p(-(2 ** (-5 - head))))
}
