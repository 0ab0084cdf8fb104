import type { AttentionAttrs } from '@qkv/tensor'
import { here, type Kernel } from '../../kernel.ts'
import { afterDropout } from '../dropout.ts'
import { denseMatrices, multiply } from '../matmul.ts'
import { attentionCall, leadOf, scoreIndices, shared } from './call.ts'
import { isFormula } from './mask.ts'
import { cappedScores, masked, maskedScores } from './scores.ts'

/** Whether the kernels run a call: all but masks of blocks. */
export function supportsAttention(_: unknown, attrs: unknown): boolean {
  return isFormula((attrs as AttentionAttrs).mask)
}

export const attention: Kernel = {
  readsStrides: true,
  supports: supportsAttention,
  run(kernelCall, launcher) {
    const call = attentionCall(kernelCall)
    const { inputs, attrs, keyLength, queryLength, heads, valueSize, scalars } = call
    const scores = maskedScores(launcher, call, cappedScores(launcher, call))
    const rows = call.scoreCount / keyLength
    const sinks = inputs.sinks && [inputs.sinks.array]
    const sink = inputs.sinks && inputs.sinks.place(`remainder(quotient(${here}, ${queryLength}), ${heads})`)
    // A row without keys has no maximum: 0 keeps its exponentials at 0.
    const shifts = launcher.run(
      `let total = x0[${here} * ${keyLength}];
      for (let k = 1; k < ${keyLength}; k++) { total = larger(total, x0[${here} * ${keyLength} + k]); }
      if (total < ${masked}) { total = 0; }
      return ${sink === undefined ? 'total' : `larger(total, x1[${sink}])`};`,
      [scores, ...(sinks ?? [])],
      rows,
    )
    const totals = launcher.run(
      `let total = 0; const shift = x1[${here}];
      for (let k = 0; k < ${keyLength}; k++) {
        const score = x0[${here} * ${keyLength} + k];
        let part = exponential(score - shift);
        if (score < ${masked}) { part = 0; }
        total += part;
      }
      return ${sink === undefined ? 'total' : `total + exponential(x2[${sink}] - shift)`};`,
      [scores, shifts, ...(sinks ?? [])],
      rows,
    )
    const { row } = scoreIndices(call)
    const rate = attrs.dropoutRate
    const weights = launcher.run(
      `const score = x0[${here}]; const whole = x2[${row}];
      if (score < ${masked} || whole === 0) { return 0; }
      const weight = exponential(score - x1[${row}]) / whole;
      ${rate === 0 ? 'return weight;' : afterDropout('weight', rate, 's0', 's1')}`,
      [scores, shifts, totals],
      call.scoreCount,
      rate === 0 ? [] : scalars.slice(1),
    )
    const lead = leadOf(call)
    const output = multiply(launcher, {
      lead,
      rows: queryLength,
      inner: keyLength,
      columns: valueSize,
      a: denseMatrices(weights, [...lead, queryLength, keyLength]),
      b: shared(inputs.value),
    })
    const logSumExp = launcher.run(`return x0[${here}] + logarithm(x1[${here}]);`, [shifts, totals], rows)
    return [output, logSumExp]
  },
}
