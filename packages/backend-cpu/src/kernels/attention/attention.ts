import type { BufferHandle, OpCall } from '@qkv/tensor'
import type { KernelTable } from '../../kernel.ts'
import { productScratchBytes } from '../../linear-algebra/multiply.ts'
import type { Arena } from '../../memory/arena.ts'
import { attentionBackward } from './attention-backward.ts'
import {
  type AttentionRun,
  type Block,
  dropQuery,
  forEachBlock,
  keysOfQuery,
  multiplyKeys,
  scoreQuery,
  startRun,
  type Stretch,
  sumStretches,
} from './block.ts'
import { exponentiateRow, scaleRow } from './score-row.ts'
import { elementAt, planAttention } from './plan.ts'

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
  const { plan, arena, scores } = run
  const stretches = multiplyKeys(run, block)
  for (let index = 0; index < block.count; index++)
    arena.heap.float32[logSumExp + index] = normalizeQuery(run, block, stretches, index)
  sumStretches(run, block, stretches, scores, plan.value, plan.valueSize, output)
}

/** Turns products into weights, and returns the logarithm of the sum of the exponentials of their scores. */
function normalizeQuery(
  run: AttentionRun,
  block: Block,
  stretches: readonly Stretch[],
  index: number,
): number {
  const { plan, attrs, arena, scores } = run
  const { float32 } = arena.heap
  const rowOf = ({ offset, width }: Stretch): number => scores + offset + index * width
  const own = keysOfQuery(run, block, index)
  const peaks = stretches.map((stretch) => scoreQuery(run, block, own, stretch, index))
  const peak = Math.max(...peaks)
  // A row without keys has no maximum: 0 keeps its exponentials at 0 and not NaN.
  const finitePeak = peak === -Infinity ? 0 : peak
  const sink = plan.sinks ? float32[elementAt(plan.sinks, block.head)]! : -Infinity
  const shift = Math.max(finitePeak, sink)
  let total = plan.sinks ? Math.exp(sink - shift) : 0
  for (const stretch of stretches) total += exponentiateRow(float32, rowOf(stretch), stretch.width, shift)
  const share = total === 0 ? 0 : 1 / total
  for (const stretch of stretches) {
    if (attrs.dropoutRate > 0) dropQuery(run, block, stretch, index, rowOf(stretch), share)
    else scaleRow(float32, rowOf(stretch), stretch.width, share)
  }
  return shift + Math.log(total)
}
