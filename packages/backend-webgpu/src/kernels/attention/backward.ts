import {
  type AttentionBackwardAttrs,
  type AttentionInputs,
  attentionInputs,
  type BufferHandle,
  type OpCall,
  type OpInput,
  sizeOf,
} from '@qkv/tensor'
import type { Binding, Program } from '../../commands/program.ts'
import { dispatch, isDense, type KernelContext } from '../../kernel.ts'
import type { GpuHandle } from '../../memory/arena.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../../wgsl/lines.ts'
import { copyDense } from '../copy-elements.ts'
import { fill } from '../create.ts'
import { type Matrix, transposed } from '../matmul/matrix.ts'
import { multiply } from '../matmul/multiply.ts'
import { reduceInto } from '../reduce.ts'
import { denseLayout, perGroup, perHead, perKeyHead, rowsPlace } from './matrices.ts'
import { type Piece, piecesOf, wholePiece } from './pieces.ts'
import { type AttentionLengths, lengthsOf, rowCode, type ScorePlan, scorePlan } from './plan.ts'
import { addRows, keyRows, sliceRows } from './rows.ts'

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
  let logSum = logSums[row];
  let normalizer = select(logSum, 0.0, logSum == minusInfinity());
  let delta = deltas[row];
  var total = 0.0;
  for (var index = first; index < parameters.keys; index += LANES) {
    let key = keyAt(index);
    if (kept(entry, head, query, key)) {
      let score = withBias(capped(scores[start + index]), entry, head, query, key);
      total += exponential(score - normalizer);
    }
  }
  let sinkExponential = exponential(sink - normalizer);
  total = sumOverLanes(total, lane) + sinkExponential;
  let factor = select(1.0 / total, 0.0, total == 0.0);
  for (var index = first; index < parameters.keys; index += LANES) {
    let at = start + index;
    let key = keyAt(index);
    var weight = 0.0;
    var slope = 0.0;
    if (kept(entry, head, query, key)) {
      let score = capped(scores[at]);
      slope = slopeOf(score);
      weight = exponential(withBias(score, entry, head, query, key) - normalizer) * factor;
    }
    let keep = keepFactor(row, key);
    let gradient = select(weight * (gradients[at] * keep - delta), 0.0, weight == 0.0);
    scores[at] = weight * keep;
    gradients[at] = gradient * slope;
${biased ? '    biasGradients[at] = gradient;' : ''}
  }
${sunk ? '  if (first == 0u) { sinkGradients[row] = -sinkExponential * factor * delta; }' : ''}`,
)}`,
  }
}

/**
 * The gradients of attention from its log-sum-exp, piece by piece: Dao et al. 2022, "FlashAttention", appendix B.2. A gradient of the
 * bias has the size of the scores before it is reduced, and takes them in one piece.
 */
export function attentionBackward(call: OpCall, context: KernelContext): readonly BufferHandle[] {
  const attrs = call.attrs as AttentionBackwardAttrs
  const { arena } = context
  const lengths = lengthsOf(call)
  const { batch, heads, queries, keys } = lengths
  const { bias, sinks, rest } = attentionInputs(call.inputs, attrs)
  const temporary: GpuHandle[] = []
  const temporaryOf = (shape: readonly number[]): GpuHandle => {
    const handle = arena.allocate({ shape })
    temporary.push(handle)
    return handle
  }
  const dense = (input: OpInput): GpuHandle => {
    if (isDense(input)) return input.handle as GpuHandle
    const copy = copyDense(input, context)
    temporary.push(copy)
    return copy
  }

  const [logSums, gradient, delta] = rest
  const { pieces, list } = attrs.needsBias ? wholePiece(lengths) : piecesOf(attrs, call.scalars[0]!, lengths)
  const targets = call.outputs.map((spec) => arena.allocate(spec))
  const [queryGradient, keyGradient, valueGradient, ...further] = targets
  const shape = [batch, heads, queries, keys]
  const biasGradients = attrs.needsBias ? temporaryOf(shape) : undefined
  const sinkGradients = sinks ? temporaryOf(shape.slice(0, 3)) : undefined
  const plan = scorePlan(call, context, list)
  temporary.push(...plan.temporary)
  const backward: Backward = {
    attrs,
    lengths,
    inputs: attentionInputs(call.inputs, attrs),
    gradient: gradient!,
    plan,
    biasGradients,
    sinkGradients,
    perRow: [dense(logSums!), dense(delta!)],
    queryGradient: queryGradient!,
    keyGradient: keyGradient!,
    valueGradient: valueGradient!,
    accumulate: pieces.length > 1 || pieces[0]!.keys < keys,
  }
  if (backward.accumulate) {
    for (const index of [1, 2]) {
      const spec = call.outputs[index]!
      fill(context, targets[index]!, sizeOf(spec.shape), 0, spec.dtype)
    }
  }
  for (const piece of pieces) backwardOfPiece(backward, piece, context)

  if (biasGradients) {
    const axes = reducedAxes(shape, bias!.spec.shape)
    const layout = denseLayout(heads, queries, keys)
    reduceInto(context, 'sum', further.shift()!, biasGradients, shape, layout, axes, 'f32')
  }
  if (sinkGradients) {
    const perRow = { strides: [heads * queries, queries, 1], offset: 0 }
    reduceInto(context, 'sum', further.shift()!, sinkGradients, shape.slice(0, 3), perRow, [0, 2], 'f32')
  }
  for (const handle of temporary) arena.release(handle)
  return targets
}

/** What the pieces of a call share. */
interface Backward {
  readonly attrs: AttentionBackwardAttrs
  readonly lengths: AttentionLengths
  readonly inputs: AttentionInputs<OpInput>
  readonly gradient: OpInput
  readonly plan: ScorePlan
  readonly biasGradients: GpuHandle | undefined
  readonly sinkGradients: GpuHandle | undefined
  /** The log-sum-exp and the delta of each query, dense. */
  readonly perRow: readonly GpuHandle[]
  readonly queryGradient: GpuHandle
  readonly keyGradient: GpuHandle
  readonly valueGradient: GpuHandle
  /** Whether pieces add to the gradients of keys and values, which begin with zeros then. */
  readonly accumulate: boolean
}

function backwardOfPiece(backward: Backward, piece: Piece, context: KernelContext): void {
  const { attrs, lengths, inputs, plan, biasGradients, sinkGradients, accumulate } = backward
  const { batch, keyHeads, group, heads, headSize, valueSize } = lengths
  const { firstQuery, queries, firstKey, keys } = piece
  const { scale } = attrs
  const { arena } = context
  const query = sliceRows(inputs.query, firstQuery, queries)
  const outer = sliceRows(backward.gradient, firstQuery, queries)
  const { rows: key, copy: keyCopy } = keyRows(context, inputs.key, plan.list, piece)
  const { rows: value, copy: valueCopy } = keyRows(context, inputs.value, plan.list, piece)
  const scores = arena.allocate({ shape: [batch, heads, queries, keys] })
  const gradients = arena.allocate({ shape: [batch, heads, queries, keys] })
  const places = [batch, keyHeads, group]
  const products = { rows: queries, inner: headSize, columns: keys }
  multiply(context, scores, places, perHead(query, group), transposed(perKeyHead(key)), products, { scale })
  multiply(context, gradients, places, perHead(outer, group), transposed(perKeyHead(value)), {
    ...products,
    inner: valueSize,
  })

  const rows = batch * heads * queries
  const lanes = lanesFor(rows, keys, true, context.software)
  const program = gradientsProgram(plan, biasGradients !== undefined, sinkGradients !== undefined, lanes)
  const own = [scores, gradients, biasGradients, sinkGradients].filter((handle) => handle !== undefined)
  const buffers = [...own, ...backward.perRow, ...plan.buffers]
  dispatch(context, program, buffers, [rows, ...plan.valuesOf(piece)], lineGroups(rows, lanes))

  const layout = denseLayout(heads, queries, keys)
  const toQueries = { rows: queries, inner: keys, columns: headSize }
  const ofScores = perHead({ handle: gradients, layout }, group)
  multiply(context, backward.queryGradient, places, ofScores, perKeyHead(key), toQueries, {
    scale,
    place: rowsPlace(firstQuery, lengths.queries, headSize),
  })
  const toKeys = (target: GpuHandle, handle: GpuHandle, right: OpInput, scale: number): void => {
    const columns = right.spec.shape[3]!
    const { matrix, copy } = groupMatrix(right, group, context)
    const left = transposed(perGroup({ handle, layout }, group, queries)!)
    const products = { rows: keys, inner: group * queries, columns }
    if (plan.list) {
      const sums = arena.allocate({ shape: [batch, keyHeads, keys, columns] })
      multiply(context, sums, [batch, keyHeads], left, matrix, products, { scale })
      addRows(context, target, sums, plan.list, piece, [batch, keyHeads, lengths.keys, columns])
      arena.release(sums)
    } else {
      const place = rowsPlace(firstKey, lengths.keys, columns)
      multiply(context, target, [batch, keyHeads], left, matrix, products, { scale, place, accumulate })
    }
    if (copy) arena.release(copy)
  }
  toKeys(backward.keyGradient, gradients, query, scale)
  toKeys(backward.valueGradient, scores, outer, 1)
  for (const handle of [scores, gradients, keyCopy, valueCopy]) if (handle) arena.release(handle)
}

/** The rows of a group as one matrix, and the dense copy that this took where the strides do not allow it. */
function groupMatrix(
  input: OpInput,
  group: number,
  context: KernelContext,
): { readonly matrix: Matrix; readonly copy: GpuHandle | undefined } {
  const [, heads, rows, columns] = input.spec.shape as readonly [number, number, number, number]
  const matrix = perGroup(input, group, rows)
  if (matrix) return { matrix, copy: undefined }
  const copy = copyDense(input, context)
  return { matrix: perGroup({ handle: copy, layout: denseLayout(heads, rows, columns) }, group, rows)!, copy }
}

/** The axes of the scores along which a tensor was repeated. */
function reducedAxes(scores: readonly number[], shape: readonly number[]): readonly number[] {
  const skip = scores.length - shape.length
  return scores.flatMap((length, axis) =>
    length !== 1 && (axis < skip || shape[axis - skip] === 1) ? [axis] : [],
  )
}
