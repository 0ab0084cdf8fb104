import {
  type AttentionBackwardAttrs,
  attentionInputs,
  type BufferHandle,
  type OpCall,
  type OpInput,
} from '@qkv/tensor'
import type { Binding, Program } from '../../commands/program.ts'
import { dispatch, handleOf, isDense, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../../wgsl/lines.ts'
import { copyDense } from '../copy-elements.ts'
import { type Matrix, transposed } from '../matmul/matrix.ts'
import { multiply } from '../matmul/multiply.ts'
import { reduceInto } from '../reduce.ts'
import { denseLayout, perGroup, perHead, perKeyHead } from './matrices.ts'
import { type AttentionLengths, lengthsOf, rowCode, type ScorePlan, scorePlan } from './plan.ts'

/** Buffers of the kernel of gradients besides those of the plan, and the ones for bias and sinks. */
export const backwardBuffers = 4

/**
 * Turns the products of a row into its dropped weights, and the gradients of these into those of the products, both in place. The
 * rounding of a large log-sum-exp is a common factor of all weights: their own sum takes it out.
 */
function gradientsProgram(plan: ScorePlan, biased: boolean, sunk: boolean, lanes: Lanes): Program {
  return {
    key: `attentionBackward/${lanes}/${biased}/${plan.key}`,
    parameters: [['size', 'u32'], ...plan.parameters],
    bindings: [
      { name: 'scores', type: 'f32', access: 'read_write' },
      { name: 'gradients', type: 'f32', access: 'read_write' },
      ...(biased ? [{ name: 'biasGradients', type: 'f32', access: 'read_write' } satisfies Binding] : []),
      ...(sunk ? [{ name: 'sinkGradients', type: 'f32', access: 'read_write' } satisfies Binding] : []),
      { name: 'logSums', type: 'f32', access: 'read' },
      { name: 'deltas', type: 'f32', access: 'read' },
      ...plan.bindings,
    ],
    body: () => `
${floatReductions(lanes)}
${plan.functions}
${forEachLine(
  lanes,
  `${rowCode}
  let logSum = logSums[line];
  let normalizer = select(logSum, 0.0, logSum == minusInfinity());
  let delta = deltas[line];
  var total = 0.0;
  for (var index = first; index < parameters.keys; index += LANES) {
    if (kept(entry, head, query, index)) {
      let score = withBias(capped(scores[start + index]), entry, head, query, index);
      total += exponential(score - normalizer);
    }
  }
  let sinkExponential = exponential(sink - normalizer);
  total = sumOverLanes(total, lane) + sinkExponential;
  let factor = select(1.0 / total, 0.0, total == 0.0);
  for (var index = first; index < parameters.keys; index += LANES) {
    let at = start + index;
    var weight = 0.0;
    var slope = 0.0;
    if (kept(entry, head, query, index)) {
      let score = capped(scores[at]);
      slope = slopeOf(score);
      weight = exponential(withBias(score, entry, head, query, index) - normalizer) * factor;
    }
    let keep = keepFactor(at);
    let gradient = select(weight * (gradients[at] * keep - delta), 0.0, weight == 0.0);
    scores[at] = weight * keep;
    gradients[at] = gradient * slope;
${biased ? '    biasGradients[at] = gradient;' : ''}
  }
${sunk ? '  if (first == 0u) { sinkGradients[line] = -sinkExponential * factor * delta; }' : ''}`,
)}`,
  }
}

/** The gradients of attention from its log-sum-exp: Dao et al. 2022, "FlashAttention", appendix B.2. */
export function attentionBackward(call: OpCall, context: KernelContext): readonly BufferHandle[] {
  const attrs = call.attrs as AttentionBackwardAttrs
  const { arena } = context
  const lengths = lengthsOf(call)
  const { batch, keyHeads, group, heads, queries, keys, headSize, valueSize } = lengths
  const { query, key, value, sinks, bias, rest } = attentionInputs(call.inputs, attrs)
  const [logSums, gradient, delta] = rest
  const plan = scorePlan(call, context)
  const temporary = [...plan.temporary]
  const dense = (input: OpInput): GpuHandle => {
    if (isDense(input)) return input.handle as GpuHandle
    const copy = copyDense(input, context)
    temporary.push(copy)
    return copy
  }
  const temporaryOf = (shape: readonly number[]): GpuHandle => {
    const handle = arena.allocate({ shape })
    temporary.push(handle)
    return handle
  }

  const targets = call.outputs.map((spec) => arena.allocate(spec))
  const [queryGradient, keyGradient, valueGradient, ...further] = targets
  const shape = [batch, heads, queries, keys]
  const scores = temporaryOf(shape)
  const gradients = temporaryOf(shape)
  const biasGradients = attrs.needsBias ? temporaryOf(shape) : undefined
  const sinkGradients = sinks ? temporaryOf(shape.slice(0, 3)) : undefined
  const places = [batch, keyHeads, group]
  const queryMatrix = perHead(handleOf(call, 0), query.layout, group)
  const outer = perHead(gradient!.handle as GpuHandle, gradient!.layout, group)
  const products = { rows: queries, inner: headSize, columns: keys }
  multiply(context, scores, places, queryMatrix, transposed(perKeyHead(key)), products, {
    scale: attrs.scale,
  })
  multiply(context, gradients, places, outer, transposed(perKeyHead(value)), {
    ...products,
    inner: valueSize,
  })

  const rows = batch * heads * queries
  const lanes = lanesFor(rows, keys, true, context.software)
  const program = gradientsProgram(plan, attrs.needsBias, sinks !== undefined, lanes)
  const own = [scores, gradients, biasGradients, sinkGradients].filter((handle) => handle !== undefined)
  const buffers = [...own, dense(logSums!), dense(delta!), ...plan.buffers]
  dispatch(context, program, buffers, [rows, ...plan.values], lineGroups(rows, lanes))

  const layout = denseLayout(heads, queries, keys)
  const { scale } = attrs
  const byQuery = { rows: queries, inner: keys, columns: headSize }
  multiply(context, queryGradient!, places, perHead(gradients, layout, group), perKeyHead(key), byQuery, {
    scale,
  })
  const sumOverGroup = (
    target: GpuHandle,
    left: GpuHandle,
    right: OpInput,
    columns: number,
    factor: number,
  ): void => {
    const matrix = perGroup(left, layout, lengths)!
    const lengthsOfProduct = { rows: keys, inner: group * queries, columns }
    const other = groupMatrix(right, lengths, columns, context, temporary)
    multiply(context, target, [batch, keyHeads], transposed(matrix), other, lengthsOfProduct, {
      scale: factor,
    })
  }
  sumOverGroup(keyGradient!, gradients, query, headSize, scale)
  sumOverGroup(valueGradient!, scores, gradient!, valueSize, 1)

  if (biasGradients) {
    const axes = reducedAxes(shape, bias!.spec.shape)
    reduceInto(context, 'sum', further.shift()!, biasGradients, shape, layout, axes, 'f32')
  }
  if (sinkGradients) {
    const perRow = { strides: [heads * queries, queries, 1], offset: 0 }
    reduceInto(context, 'sum', further.shift()!, sinkGradients, shape.slice(0, 3), perRow, [0, 2], 'f32')
  }
  for (const handle of temporary) arena.release(handle)
  return targets
}

/** The rows of a group as one matrix; a dense copy where the strides do not allow it. */
function groupMatrix(
  input: OpInput,
  lengths: AttentionLengths,
  columns: number,
  context: KernelContext,
  temporary: GpuHandle[],
): Matrix {
  const matrix = perGroup(input.handle as GpuHandle, input.layout, lengths)
  if (matrix) return matrix
  const copy = copyDense(input, context)
  temporary.push(copy)
  return perGroup(copy, denseLayout(lengths.heads, lengths.queries, columns), lengths)!
}

/** The axes of the scores along which a tensor was repeated. */
function reducedAxes(scores: readonly number[], shape: readonly number[]): readonly number[] {
  const skip = scores.length - shape.length
  return scores.flatMap((length, axis) =>
    length !== 1 && (axis < skip || shape[axis - skip] === 1) ? [axis] : [],
  )
}
