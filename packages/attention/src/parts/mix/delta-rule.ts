import { add, mul, repeatKeyHeads, rmsNorm, rsqrt, sigmoid, square, sum, type Tensor } from '@qkv/tensor'
import { deltaRecurrence } from '../../mixers/delta-recurrence.ts'
import { gateOf, gateParameters } from '../../mixers/gates.ts'
import { mixByRecurrence } from '../../mixers/mix-by-recurrence.ts'
import { onlyReal, stepParameters, stepsOf } from '../../mixers/steps.ts'
import type { AttentionPart } from '../../part.ts'

export interface DeltaRuleOptions {
  /** Whether the state fades too, by a share that depends on the input (Gated DeltaNet); false unless said. */
  readonly gated?: boolean
}

/**
 * Linear attention that corrects itself: before a value is stored under a key, a share of what was stored there is taken away, so that
 * keys which come again get new values. Queries and keys are normalised, and so is the output of each head. Linear in the length,
 * and a recurrence with a state of one size while generating. No query sees a later position, with or without `causal`. The short
 * convolutions and SiLU of the published models, and the gate of their output, are left out.
 *
 * @example
 * compose([deltaRule({ gated: true }), causal(), padding()])
 */
export function deltaRule(options: DeltaRuleOptions = {}): AttentionPart {
  const { gated = false } = options
  const recur: Required<AttentionPart>['recur'] = (context, state, query, key, value) => {
    const heads = query.shape[1]!
    const beta = sigmoid(gateOf(context, 'beta', context.keyInput))
    const recurrence = deltaRecurrence({
      query: unit(query),
      key: repeatKeyHeads(unit(key), heads),
      value: repeatKeyHeads(value, heads),
      beta: onlyReal(context, beta),
      logDecay: gated ? onlyReal(context, stepsOf(context).logDecay) : undefined,
      state: state?.[0],
    })
    return { output: recurrence.output, state: [recurrence.state] }
  }
  return {
    name: 'delta-rule',
    source:
      'Yang et al. 2024, Parallelizing Linear Transformers with the Delta Rule over Sequence Length (arXiv 2406.06484); gated: ' +
      'Yang et al. 2024, Gated Delta Networks, section 3 (arXiv 2412.06464)',
    about: {
      year: 2024,
      formula:
        'S_t = a_t (I - β k kᵀ) S_(t-1) + β k vᵀ, o = norm(q S_t), k and q of length 1, β = σ(w·x + b), a = 1 unless gated',
      use: 'Long texts in which facts are overwritten or looked up by key, with a memory of one size.',
    },
    options,
    selfOnly: 'a recurrence reads queries and keys of the same positions',
    obeys: ['causal', 'padding'],
    parameters: {
      ...gateParameters('beta'),
      ...(gated && stepParameters),
    },
    recur,
    mix: mixByRecurrence(recur),
    output: (_, output) => rmsNorm(output, { epsilon: 1e-5 }),
  }
}

function unit(x: Tensor): Tensor {
  return mul(x, rsqrt(add(sum(square(x), { axis: -1, keepAxes: true }), 1e-6)))
}
