import type { AttentionBackwardAttrs } from '@qkv/tensor'
import type { DeviceArray } from '../../engine/device-array.ts'
import { here, type Input, type Kernel, type Launcher } from '../../kernel.ts'
import { afterDropout } from '../dropout.ts'
import { denseMatrices, multiply, transposed } from '../matmul.ts'
import { number } from '../norms.ts'
import { reduceAxes } from '../reduce.ts'
import { type AttentionCall, attentionCall, grouped, leadOf, scoreIndices, shared } from './call.ts'
import { supportsAttention } from './attention.ts'
import { cappedScores, masked, maskedScores } from './scores.ts'
import { keyWeights, rowTotals, sinkPlace } from './softmax.ts'

export const attentionBackward: Kernel = {
  readsStrides: true,
  supports: supportsAttention,
  run(kernelCall, launcher) {
    const call = attentionCall(kernelCall)
    const { inputs, attrs, batch, heads, queryLength, keyLength, headSize, valueSize } = call
    const [logSumExp, gradient, delta] = inputs.rest as [Input, Input, Input]
    const capped = cappedScores(launcher, call)
    const { weights, sinkWeights } = weightsOf(
      launcher,
      call,
      maskedScores(launcher, call, capped),
      logSumExp,
    )
    const lead = leadOf(call)
    const scoreShape = [...lead, queryLength, keyLength]
    const product = { lead, rows: queryLength, inner: valueSize, columns: keyLength }
    const ofOutput = grouped(call, gradient)
    const weightGradient = dropped(
      launcher,
      call,
      multiply(launcher, { ...product, a: ofOutput, b: transposed(shared(inputs.value)) }),
    )
    const valueGradient = multiply(launcher, {
      lead,
      rows: keyLength,
      inner: queryLength,
      columns: valueSize,
      a: transposed(denseMatrices(dropped(launcher, call, weights), scoreShape)),
      b: ofOutput,
    })
    const { row } = scoreIndices(call)
    const scoreGradient = launcher.run(
      `return x0[${here}] * (x1[${here}] - x2[${delta.place(row)}]);`,
      [weights, weightGradient, delta.array],
      call.scoreCount,
    )
    const { softcap, scale } = attrs
    const slope = softcap === null ? '' : ` * (1 - x1[${here}] * x1[${here}] / ${number(softcap * softcap)})`
    const productGradient = launcher.run(
      `return x0[${here}] * ${number(scale)}${slope};`,
      softcap === null ? [scoreGradient] : [scoreGradient, capped],
      call.scoreCount,
    )
    const ofProducts = denseMatrices(productGradient, scoreShape)
    const queryGradient = multiply(launcher, {
      lead,
      rows: queryLength,
      inner: keyLength,
      columns: headSize,
      a: ofProducts,
      b: shared(inputs.key),
    })
    const keyGradient = multiply(launcher, {
      lead,
      rows: keyLength,
      inner: queryLength,
      columns: headSize,
      a: transposed(ofProducts),
      b: grouped(call, inputs.query),
    })
    const { needsBias } = kernelCall.attrs as AttentionBackwardAttrs
    return [
      queryGradient,
      sumGroups(launcher, call, keyGradient, headSize),
      sumGroups(launcher, call, valueGradient, valueSize),
      ...(needsBias ? [sumToBias(launcher, call, scoreGradient)] : []),
      ...(sinkWeights ? [sinkGradient(launcher, sinkWeights, delta, [batch, heads, queryLength])] : []),
    ]
  },
}

/** The weights again, and those of the sinks, from the scores and their log-sum-exp. */
function weightsOf(
  launcher: Launcher,
  call: AttentionCall,
  scores: DeviceArray,
  logSumExp: Input,
): { readonly weights: DeviceArray; readonly sinkWeights: DeviceArray | undefined } {
  const { inputs } = call
  const rows = call.scoreCount / call.keyLength
  // Of a row without keys it is minus infinity.
  const shifts = launcher.run(
    `const sum = x0[${logSumExp.place(here)}]; if (sum < ${masked}) { return 0; } return sum;`,
    [logSumExp.array],
    rows,
  )
  // The rounding of a large log-sum-exp is a common factor of all weights: their own sum takes it out.
  const totals = rowTotals(launcher, call, scores, shifts)
  const weights = keyWeights(launcher, call, [scores, shifts, totals])
  if (!inputs.sinks) return { weights, sinkWeights: undefined }
  const sinkWeights = launcher.run(
    `return exponential(x0[${sinkPlace(call)}] - x1[${here}]) / x2[${here}];`,
    [inputs.sinks.array, shifts, totals],
    rows,
  )
  return { weights, sinkWeights }
}

function dropped(
  launcher: Launcher,
  { attrs, scalars, scoreCount }: AttentionCall,
  x: DeviceArray,
): DeviceArray {
  if (attrs.dropoutRate === 0) return x
  const body = afterDropout(`x0[${here}]`, attrs.dropoutRate, 's0', 's1')
  return launcher.run(body, [x], scoreCount, scalars.slice(1))
}

/** Adds up the gradients of the query heads that share a key head. */
function sumGroups(
  launcher: Launcher,
  { batch, keyHeads, group, keyLength }: AttentionCall,
  x: DeviceArray,
  size: number,
): DeviceArray {
  if (group === 1) return x
  const elements = keyLength * size
  const heads = batch * keyHeads
  return reduceAxes(launcher, 'sum', x, [heads, group, elements], [1], heads * elements)
}

/** Adds up along the axes that the bias was broadcast along. */
function sumToBias(launcher: Launcher, call: AttentionCall, x: DeviceArray): DeviceArray {
  const { batch, heads, queryLength, keyLength, inputs } = call
  const shape = [batch, heads, queryLength, keyLength]
  const biasShape = inputs.bias!.shape
  const lengths = [1, 1, 1, 1].map((one, axis) => biasShape[axis - 4 + biasShape.length] ?? one)
  const axes = [0, 1, 2, 3].filter((axis) => lengths[axis] === 1 && shape[axis] !== 1)
  const size = lengths.reduce((product, length) => product * length, 1)
  return axes.length === 0 ? x : reduceAxes(launcher, 'sum', x, shape, axes, size)
}

function sinkGradient(
  launcher: Launcher,
  sinkWeights: DeviceArray,
  delta: Input,
  shape: readonly [number, number, number],
): DeviceArray {
  const products = launcher.run(
    `return -x0[${here}] * x1[${delta.place(here)}];`,
    [sinkWeights, delta.array],
    sinkWeights.length,
  )
  return reduceAxes(launcher, 'sum', products, shape, [0, 2], shape[1])
}
