import { type AttentionAttrs, attentionInputs, type BufferHandle, type OpCall } from '@qkv/tensor'
import type { Program } from '../../commands/program.ts'
import { dispatch, type KernelContext } from '../../kernel.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../../wgsl/lines.ts'
import { transposed } from '../matmul/matrix.ts'
import { multiply } from '../matmul/multiply.ts'
import { denseLayout, perHead, perKeyHead, rowsPlace } from './matrices.ts'
import { piecesOf } from './pieces.ts'
import { lengthsOf, rowCode, type ScorePlan, scorePlan } from './plan.ts'
import { keyRows, sliceRows } from './rows.ts'

/** Buffers of the kernel of weights besides those of the plan. */
export const forwardBuffers = 2

/** Turns a row of products of a piece into its weights, in place; a row without keys gets none, and no NaN. */
function weightsProgram(plan: ScorePlan, lanes: Lanes): Program {
  return {
    key: `attention/${lanes}/${plan.key}`,
    parameters: [['size', 'u32'], ...plan.parameters],
    bindings: [
      { name: 'scores', type: 'f32', access: 'read_write' },
      { name: 'logSums', type: 'f32', access: 'read_write' },
      ...plan.bindings,
    ],
    body: () => `
${floatReductions(lanes)}
${plan.functions}
${forEachLine(
  lanes,
  `${rowCode}
  var peak = minusInfinity();
  for (var index = first; index < parameters.keys; index += LANES) {
    var score = minusInfinity();
    let key = keyAt(index);
    if (kept(entry, head, query, key)) {
      score = withBias(capped(scores[start + index]), entry, head, query, key);
    }
    scores[start + index] = score;
    peak = maximumOf(peak, score);
  }
  peak = peakOverLanes(peak, lane);
  let shift = max(select(peak, 0.0, peak == minusInfinity()), sink);
  var total = 0.0;
  for (var index = first; index < parameters.keys; index += LANES) {
    total += exponential(scores[start + index] - shift);
  }
  total = sumOverLanes(total, lane) + exponential(sink - shift);
  let factor = select(1.0 / total, 0.0, total == 0.0);
  for (var index = first; index < parameters.keys; index += LANES) {
    let weight = exponential(scores[start + index] - shift) * factor;
    scores[start + index] = weight * keepFactor(row, keyAt(index));
  }
  if (first == 0u) { logSums[row] = shift + logarithm(total); }`,
)}`,
  }
}

/**
 * Attention in three kernels for each piece: products of queries and keys, weights in place, products with the values. The scores
 * live for their piece alone.
 */
export function attention(call: OpCall, context: KernelContext): readonly BufferHandle[] {
  const attrs = call.attrs as AttentionAttrs
  const { arena } = context
  const inputs = attentionInputs(call.inputs, attrs)
  const lengths = lengthsOf(call)
  const { batch, keyHeads, group, heads, headSize, valueSize } = lengths
  const { pieces, list } = piecesOf(attrs, call.scalars[0]!, lengths)
  const plan = scorePlan(call, context, list)
  const [output, logSums] = call.outputs.map((spec) => arena.allocate(spec))
  const places = [batch, keyHeads, group]
  for (const piece of pieces) {
    const { firstQuery, queries, keys } = piece
    const query = sliceRows(inputs.query, firstQuery, queries)
    const key = keyRows(context, inputs.key, plan.list, piece)
    const value = keyRows(context, inputs.value, plan.list, piece)
    const scores = arena.allocate({ shape: [batch, heads, queries, keys] })
    const products = { rows: queries, inner: headSize, columns: keys }
    multiply(context, scores, places, perHead(query, group), transposed(perKeyHead(key.rows)), products, {
      scale: attrs.scale,
    })
    const rows = batch * heads * queries
    const lanes = lanesFor(rows, keys, true, context.software)
    dispatch(
      context,
      weightsProgram(plan, lanes),
      [scores, logSums!, ...plan.buffers],
      [rows, ...plan.valuesOf(piece)],
      lineGroups(rows, lanes),
    )
    const weights = perHead({ handle: scores, layout: denseLayout(heads, queries, keys) }, group)
    const sums = { rows: queries, inner: keys, columns: valueSize }
    multiply(context, output!, places, weights, perKeyHead(value.rows), sums, {
      place: rowsPlace(firstQuery, lengths.queries, valueSize),
    })
    for (const handle of [scores, key.copy, value.copy]) if (handle) arena.release(handle)
  }
  for (const handle of plan.temporary) arena.release(handle)
  return [output!, logSums!]
}
