import type { BufferHandle, OpCall } from '@qkv/tensor'
import type { KernelTable } from '../../kernel.ts'
import { multiplyMatrices, productScratchBytes } from '../../linear-algebra/multiply.ts'
import type { Arena } from '../../memory/arena.ts'
import { attentionBackward } from './attention-backward.ts'
import {
  type AttentionRun,
  type Block,
  dropQuery,
  forEachBlock,
  keyHeadOf,
  multiplyKeys,
  scoreQuery,
  startRun,
} from './block.ts'
import { exponentiateRow, scaleRow } from './score-row.ts'
import { denseView, matrixAt, planAttention, elementAt } from './plan.ts'

/**
 * Attention in blocks of queries: the scores of one block are made, normalised and used up before those of the next, so
 * that no `[query, key]` matrix of a long text is ever kept (Dao et al. 2022, FlashAttention).
 */
export const attentionKernels: KernelTable = {
  'qkv/attention': { run: attention, readsStrides: true },
  'qkv/attentionBackward': { run: attentionBackward, readsStrides: true },
}

function attention(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const plan = planAttention(call)
  const [output, logSumExp] = call.outputs.map((spec) => arena.allocate(spec))
  const { heads, queries, keys, headSize, valueSize } = plan
  const multiplyBytes = Math.max(productScratchBytes(headSize, keys), productScratchBytes(keys, valueSize))
  const run = startRun(call, plan, arena, multiplyBytes, 1, 0)
  forEachBlock(plan, (block) => {
    const row = (block.entry * heads + block.head) * queries + block.first
    attendBlock(run, block, output!.address / 4 + row * valueSize, logSumExp!.address / 4 + row)
  })
  return [output!, logSumExp!]
}

function attendBlock(run: AttentionRun, block: Block, output: number, logSumExp: number): void {
  const { plan, arena, scratch, scores } = run
  const { entry, head, count } = block
  const { heap } = arena
  const range = multiplyKeys(run, block)
  const width = range.end - range.first
  for (let index = 0; index < count; index++) {
    const peak = width > 0 ? scoreQuery(run, block, range, index) : -Infinity
    heap.float32[logSumExp + index] = normalizeQuery(run, block, range, index, peak)
  }
  const weights = denseView(scores, width)
  const value = matrixAt(plan.value, entry, keyHeadOf(plan, head), range.first)
  multiplyMatrices(heap, scratch, weights, value, -1, output, count, width, plan.valueSize)
}

/** Turns scores into weights, and returns the logarithm of the sum of their exponentials. */
function normalizeQuery(
  run: AttentionRun,
  block: Block,
  range: { readonly first: number; readonly end: number },
  index: number,
  peak: number,
): number {
  const { plan, attrs, arena, scores } = run
  const { float32 } = arena.heap
  const width = range.end - range.first
  const row = scores + index * width
  // A row without keys has no maximum: 0 keeps its exponentials at 0 and not NaN.
  const finitePeak = peak === -Infinity ? 0 : peak
  const sink = plan.sinks ? float32[elementAt(plan.sinks, block.head)]! : -Infinity
  const shift = Math.max(finitePeak, sink)
  let total = exponentiateRow(float32, row, width, shift)
  if (plan.sinks) total += Math.exp(sink - shift)
  const share = total === 0 ? 0 : 1 / total
  if (attrs.dropoutRate > 0) dropQuery(run, block, range, index, row, share)
  else scaleRow(float32, row, width, share)
  return shift + Math.log(total)
}
