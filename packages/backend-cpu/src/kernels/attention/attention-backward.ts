import { type AttentionBackwardAttrs, type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import { addProduct, multiplyMatrices, productScratchBytes } from '../../linear-algebra/multiply.ts'
import type { Arena, CpuBuffer } from '../../memory/arena.ts'
import {
  type AttentionRun,
  type Block,
  dropQuery,
  forEachBlock,
  keyHeadOf,
  keysOfQuery,
  multiplyKeys,
  scoreQuery,
  startRun,
  type Stretch,
  sumStretches,
} from './block.ts'
import {
  biasTotals,
  denseView,
  elementAt,
  matrixAt,
  type Operand,
  perQuery,
  planAttention,
  transposedView,
} from './plan.ts'
import { exponentiateRow, scaleRow, weightGradients } from './score-row.ts'

/** What the backward pass reads and writes beyond the forward one. */
interface BackwardRun extends AttentionRun {
  /** The index of the gradients of a block of scores. */
  readonly scoreGradients: number
  /** The index of the slopes of a row of scores. */
  readonly slopes: number
  readonly logSumExp: Operand
  readonly gradient: Operand
  readonly delta: Operand
  /** The indices of the gradients of query, key and value. */
  readonly queryGradient: number
  readonly keyGradient: number
  readonly valueGradient: number
  /** The gradient of the bias, in doubles. */
  readonly biasGradient: Operand | undefined
  /** The gradients of the sinks, in doubles. */
  readonly sinkGradient: number
}

/** Makes the weights of each block again, from the log-sum-exp: appendix B.2 of the FlashAttention paper. */
export function attentionBackward(call: OpCall, arena: Arena): readonly BufferHandle[] {
  const plan = planAttention(call)
  const { needsBias } = call.attrs as AttentionBackwardAttrs
  const { keys, headSize, valueSize, rows } = plan
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const extra = outputs.slice(3)
  const biasOutput = needsBias ? extra.shift() : undefined
  const sinkOutput = extra.shift()
  const biasSize = biasOutput ? sizeOf(call.outputs[3]!.shape) : 0
  const multiplyBytes = Math.max(
    productScratchBytes(headSize, keys),
    productScratchBytes(valueSize, keys),
    productScratchBytes(keys, headSize),
    productScratchBytes(rows, Math.max(headSize, valueSize)),
  )
  const further = 8 * (biasSize + plan.heads + keys)
  const start = startRun(call, plan, arena, multiplyBytes, 2, further)
  const { float32, float64 } = arena.heap
  const totals = start.further / 8
  float64.fill(0, totals, totals + biasSize + plan.heads)
  const [queryGradient, keyGradient, valueGradient] = outputs.slice(0, 3).map(({ address }) => address / 4)
  for (const index of [1, 2]) {
    const first = outputs[index]!.address / 4
    float32.fill(0, first, first + sizeOf(call.outputs[index]!.shape))
  }
  const [logSumExp, gradient, delta] = plan.rest
  const run: BackwardRun = {
    ...start,
    scoreGradients: start.scores + rows * keys,
    slopes: 2 * (totals + biasSize + plan.heads),
    logSumExp: perQuery(logSumExp!),
    gradient: perQuery(gradient!),
    delta: perQuery(delta!),
    queryGradient: queryGradient!,
    keyGradient: keyGradient!,
    valueGradient: valueGradient!,
    biasGradient: biasOutput && biasTotals(call.outputs[3]!.shape, totals),
    sinkGradient: sinkOutput ? totals + biasSize : -1,
  }
  forEachBlock(plan, (block) => propagateBlock(run, block))
  if (biasOutput) roundTotals(arena, biasOutput, totals, biasSize)
  if (sinkOutput) roundTotals(arena, sinkOutput, totals + biasSize, plan.heads)
  return outputs
}

function propagateBlock(run: BackwardRun, block: Block): void {
  const { plan, arena, scratch, scores, scoreGradients } = run
  const { headSize, valueSize, heads, queries, keys } = plan
  const { entry, head, first, count } = block
  const { heap } = arena
  const keyHead = keyHeadOf(plan, head)
  const query = matrixAt(plan.query, entry, head, first)
  const gradient = matrixAt(run.gradient, entry, head, first)
  const stretches = multiplyKeys(run, block)
  for (const { first, width, offset } of stretches) {
    const value = transposedView(matrixAt(plan.value, entry, keyHead, first))
    multiplyMatrices(heap, scratch, gradient, value, -1, scoreGradients + offset, count, valueSize, width)
  }
  for (let index = 0; index < count; index++) propagateQuery(run, block, stretches, index)

  const queryTarget = run.queryGradient + ((entry * heads + head) * queries + first) * headSize
  sumStretches(run, block, stretches, scoreGradients, plan.key, headSize, queryTarget)
  for (const { first, width, offset } of stretches) {
    const products = denseView(scoreGradients + offset, width)
    const keyRow = (entry * (heads / plan.group) + keyHead) * keys + first
    const keyTarget = run.keyGradient + keyRow * headSize
    addProduct(heap, scratch, transposedView(products), query, keyTarget, width, count, headSize)
    const weights = transposedView(denseView(scores + offset, width))
    const valueTarget = run.valueGradient + keyRow * valueSize
    addProduct(heap, scratch, weights, gradient, valueTarget, width, count, valueSize)
  }
}

/** Turns the products of a query into its weights, and their gradients into those of the products. */
function propagateQuery(run: BackwardRun, block: Block, stretches: readonly Stretch[], index: number): void {
  const { plan, attrs, arena, scores, scoreGradients } = run
  const { float32, float64 } = arena.heap
  const { entry, head } = block
  const query = block.first + index
  const logSumExp = float32[matrixAt(run.logSumExp, entry, head, query).start]!
  const delta = float32[matrixAt(run.delta, entry, head, query).start]!
  const normalizer = logSumExp === -Infinity ? 0 : logSumExp
  const sinkWeight = plan.sinks ? Math.exp(float32[elementAt(plan.sinks, head)]! - normalizer) : 0
  const placeOf = ({ offset, width }: Stretch): number => offset + index * width
  const own = keysOfQuery(run, block, index)
  // The rounding of a large log-sum-exp is a common factor of all weights: their own sum takes it out.
  let total = sinkWeight
  for (const stretch of stretches) {
    const row = scores + placeOf(stretch)
    scoreQuery(run, block, own, stretch, index)
    // The scores are needed for their slope before they become weights, the slope after that.
    if (attrs.softcap !== null) keepSlopes(run, block, stretch, index, attrs.softcap)
    total += exponentiateRow(float32, row, stretch.width, normalizer)
  }
  if (sinkWeight > 0) float64[run.sinkGradient + head]! -= (sinkWeight / total) * delta
  for (const stretch of stretches) {
    const { width } = stretch
    const row = scores + placeOf(stretch)
    const gradients = scoreGradients + placeOf(stretch)
    if (attrs.dropoutRate > 0) dropQuery(run, block, stretch, index, gradients, 1)
    if (total > 0) scaleRow(float32, row, width, 1 / total)
    weightGradients(float32, row, gradients, width, delta)
    if (run.biasGradient) {
      const { start, columnStride } = matrixAt(run.biasGradient, entry, head, query)
      addRow(float64, start + stretch.first * columnStride, columnStride, float32, gradients, width)
    }
    if (attrs.softcap === null) scaleRow(float32, gradients, width, attrs.scale)
    else scaleByRow(float32, gradients, run.slopes + stretch.first, width, attrs.scale)
    if (attrs.dropoutRate > 0) dropQuery(run, block, stretch, index, row, 1)
  }
}

/** Keeps the slopes of the soft cap, from scores of a query that it has bounded. */
function keepSlopes(
  { plan, arena, scores, slopes }: BackwardRun,
  { entry, head, first }: Block,
  stretch: Stretch,
  index: number,
  softcap: number,
): void {
  const { float32 } = arena.heap
  const row = scores + stretch.offset + index * stretch.width
  const bias = plan.bias && matrixAt(plan.bias, entry, head, first + index)
  for (let column = 0; column < stretch.width; column++) {
    const key = stretch.first + column
    const capped = float32[row + column]! - (bias ? float32[bias.start + key * bias.columnStride]! : 0)
    // A score of minus infinity is masked: its weight is 0, and with it its gradient.
    float32[slopes + key] = capped === -Infinity ? 0 : 1 - (capped / softcap) ** 2
  }
}

function scaleByRow(heap: Float32Array, row: number, factors: number, width: number, scale: number): void {
  for (const end = (row + width) | 0; row < end; row = (row + 1) | 0) {
    heap[row] = heap[row]! * heap[factors]! * scale
    factors = (factors + 1) | 0
  }
}

function addRow(
  totals: Float64Array,
  target: number,
  stride: number,
  heap: Float32Array,
  row: number,
  width: number,
): void {
  for (let column = 0; column < width; column++) totals[target + column * stride]! += heap[row + column]!
}

function roundTotals({ heap }: Arena, output: CpuBuffer, totals: number, size: number): void {
  for (let index = 0; index < size; index++)
    heap.float32[output.address / 4 + index] = heap.float64[totals + index]!
}
