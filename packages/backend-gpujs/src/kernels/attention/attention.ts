import type { AttentionAttrs } from '@qkv/tensor'
import { here, type Kernel } from '../../kernel.ts'
import { afterDropout } from '../dropout.ts'
import { denseMatrices, multiply } from '../matmul.ts'
import { attentionCall, leadOf, shared } from './call.ts'
import { isFormula } from './mask.ts'
import { cappedScores, masked, maskedScores } from './scores.ts'
import { keyWeights, rowTotals, sinkPlace } from './softmax.ts'

/** Whether the kernels run a call: all but masks of blocks, and of more tensors than one kernel may read. */
export function supportsAttention(_: unknown, attrs: unknown, mostInputs: number): boolean {
  const { mask, masks, hasBias, hasKeyLengths } = attrs as AttentionAttrs
  // Of the kernel of masked scores, which reads most.
  const reads = 1 + masks + Number(hasBias) + Number(hasKeyLengths)
  return isFormula(mask) && reads <= mostInputs
}

export const attention: Kernel = {
  readsStrides: true,
  supports: supportsAttention,
  run(kernelCall, launcher) {
    const call = attentionCall(kernelCall)
    const { inputs, attrs, keyLength, queryLength, valueSize, scalars } = call
    const scores = maskedScores(launcher, call, cappedScores(launcher, call))
    const rows = call.scoreCount / keyLength
    const sink = sinkPlace(call)
    // A row without keys has no maximum: 0 keeps its exponentials at 0.
    const shifts = launcher.run(
      `let total = x0[${here} * ${keyLength}];
      for (let k = 1; k < ${keyLength}; k++) { total = larger(total, x0[${here} * ${keyLength} + k]); }
      if (total < ${masked}) { total = 0; }
      return ${sink === undefined ? 'total' : `larger(total, x1[${sink}])`};`,
      inputs.sinks ? [scores, inputs.sinks.array] : [scores],
      rows,
    )
    const totals = rowTotals(launcher, call, scores, shifts)
    const rate = attrs.dropoutRate
    const weights =
      rate === 0
        ? keyWeights(launcher, call, [scores, shifts, totals])
        : keyWeights(
            launcher,
            call,
            [scores, shifts, totals],
            afterDropout('weight', rate, 's0', 's1'),
            scalars.slice(1),
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
