import { normal, zeros } from '@qkv/nn'
import { add, linear, logSigmoid, mul, repeatKeyHeads, rmsNorm, type Tensor, unsqueeze } from '@qkv/tensor'
import { checkChoice } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { splitHeads } from '../../heads.ts'
import { columnRecurrence } from '../../mixers/column-recurrence.ts'
import { withoutPadding } from '../../mixers/features.ts'
import { linearRecurrence } from '../../mixers/linear-recurrence.ts'
import { mixByRecurrence } from '../../mixers/mix-by-recurrence.ts'
import { onlyReal, stepParameters, stepsOf } from '../../mixers/steps.ts'
import type { AttentionPart } from '../../part.ts'

export interface GatedLinearOptions {
  /**
   * `head` unless said: one step size per head and position says how much fades and how much is added, as in Mamba-2. `column`: each
   * column of the keys fades by its own share, as in GLA.
   */
  readonly decay?: 'head' | 'column'
}

/** The rank of GLA's map from the input to the decays, and what their logarithms are divided by. */
const [rank, temperature] = [16, 16]

/**
 * Linear attention whose state fades by a share that depends on the input: it keeps what matters, and lets go of what does not. The
 * output of each head is normalised. Linear in the length, and a recurrence with a state of one size while generating. No query sees a
 * later position, with or without `causal`. Mamba-2's convolution and the gate that both papers put on the output are left out.
 *
 * @example
 * compose([gatedLinear({ decay: 'column' }), causal(), padding()])
 */
export function gatedLinear(options: GatedLinearOptions = {}): AttentionPart {
  const { decay = 'head' } = options
  checkChoice('gated-linear', { decay }, ['head', 'column'])
  const recurrenceOf = decay === 'head' ? byHead : byColumn
  const recur: Required<AttentionPart>['recur'] = (context, state, query, key, value) => {
    const heads = query.shape[1]!
    const keys = withoutPadding(context, repeatKeyHeads(key, heads))
    const values = repeatKeyHeads(value, heads)
    const recurrence = recurrenceOf(context, query, keys, values, state?.[0])
    return { output: recurrence.output, state: [recurrence.state] }
  }
  return {
    name: 'gated-linear',
    source:
      'Dao and Gu 2024, Transformers are SSMs, section 7 (arXiv 2405.21060); Yang et al. 2023, Gated Linear Attention Transformers with ' +
      'Hardware-Efficient Training, section 4 (arXiv 2312.06635)',
    about: {
      year: 2024,
      formula:
        'S_t = a_t S_(t-1) + Δ_t k vᵀ, o = norm(q S_t), Δ = softplus(w·x + b), a = exp(-Δ r); as in GLA: an a for each column of k, and no Δ',
      use: 'Long texts, with a memory that decides what to keep.',
    },
    options,
    selfOnly: 'a recurrence reads queries and keys of the same positions',
    obeys: ['causal', 'padding'],
    parameters:
      decay === 'head'
        ? stepParameters
        : {
            decayDown: {
              owner: 'attention',
              shape: ({ width }) => [rank, width],
              initializer: (init, shape) => normal({ standardDeviation: shape[1]! ** -0.5 })(init, shape),
            },
            decayUp: {
              owner: 'attention',
              shape: ({ heads, headSize }) => [heads * headSize, rank],
              initializer: normal({ standardDeviation: rank ** -0.5 }),
            },
            decayBias: {
              owner: 'attention',
              shape: ({ heads, headSize }) => [heads * headSize],
              initializer: zeros(),
            },
          },
    recur,
    mix: mixByRecurrence(recur),
    output: (_, output) => rmsNorm(output, { epsilon: 1e-5 }),
  }
}

type Mixed = ReturnType<typeof linearRecurrence>

function byHead(
  context: AttentionContext,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  state: Tensor | undefined,
): Mixed {
  const { step, logDecay } = stepsOf(context)
  return linearRecurrence({
    query,
    key: mul(key, unsqueeze(step, { axis: 3 })),
    value,
    logDecay: onlyReal(context, logDecay),
    state,
  })
}

function byColumn(
  context: AttentionContext,
  query: Tensor,
  key: Tensor,
  value: Tensor,
  state: Tensor | undefined,
): Mixed {
  const down = linear(context.keyInput, context.parameter('decayDown'))
  const up = add(linear(down, context.parameter('decayUp')), context.parameter('decayBias'))
  const logDecay = mul(splitHeads(logSigmoid(up), context.heads), 1 / temperature)
  return columnRecurrence({ query, key, value, logDecay: onlyReal(context, logDecay), state })
}
