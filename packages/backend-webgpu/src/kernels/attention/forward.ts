import { type AttentionAttrs, attentionInputs, type BufferHandle, type OpCall } from '@qkv/tensor'
import type { Program } from '../../commands/program.ts'
import { dispatch, handleOf, type KernelContext } from '../../kernel.ts'
import { floatReductions, forEachLine, type Lanes, lanesFor, lineGroups } from '../../wgsl/lines.ts'
import { transposed } from '../matmul/matrix.ts'
import { multiply } from '../matmul/multiply.ts'
import { denseLayout, perHead, perKeyHead } from './matrices.ts'
import { lengthsOf, rowCode, type ScorePlan, scorePlan } from './plan.ts'

/** Buffers of the kernel of weights besides those of the plan. */
export const forwardBuffers = 2

/** Turns a row of products into its weights, in place; a row without keys gets none, and no NaN. */
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
    if (kept(entry, head, query, index)) {
      score = withBias(capped(scores[start + index]), entry, head, query, index);
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
    scores[start + index] = weight * keepFactor(start + index);
  }
  if (first == 0u) { logSums[line] = shift + logarithm(total); }`,
)}`,
  }
}

/**
 * Attention in three kernels: products of queries and keys, weights in place, products with the values. The scores live for this
 * call alone.
 */
export function attention(call: OpCall, context: KernelContext): readonly BufferHandle[] {
  const attrs = call.attrs as AttentionAttrs
  const { arena } = context
  const { query, key, value } = attentionInputs(call.inputs, attrs)
  const { batch, keyHeads, group, heads, queries, keys, headSize, valueSize } = lengthsOf(call)
  const plan = scorePlan(call, context)
  const [output, logSums] = call.outputs.map((spec) => arena.allocate(spec))
  const scores = arena.allocate({ shape: [batch, heads, queries, keys] })
  const places = [batch, keyHeads, group]
  const products = { rows: queries, inner: headSize, columns: keys }
  const left = perHead(handleOf(call, 0), query.layout, group)
  multiply(context, scores, places, left, transposed(perKeyHead(key)), products, { scale: attrs.scale })
  const rows = batch * heads * queries
  const lanes = lanesFor(rows, keys, true, context.software)
  const buffers = [scores, logSums!, ...plan.buffers]
  dispatch(context, weightsProgram(plan, lanes), buffers, [rows, ...plan.values], lineGroups(rows, lanes))
  const weights = perHead(scores, denseLayout(heads, queries, keys), group)
  multiply(context, output!, places, weights, perKeyHead(value), {
    rows: queries,
    inner: keys,
    columns: valueSize,
  })
  arena.release(scores)
  for (const handle of plan.temporary) arena.release(handle)
  return [output!, logSums!]
}
