import { type AttentionBackwardAttrs, type BufferHandle, type OpCall, sizeOf } from '@qkv/tensor'
import type { Arena, CpuBuffer } from '../../../memory/arena.ts'
import type { Wasm } from '../../../wasm/wasm.ts'
import { biasTotals, type Operand, perQuery } from '../../attention/plan.ts'
import { keyBlock, laneBytes, panelBlockBytes } from './block-sizes.ts'
import { openCall, unitsPerPiece } from './call.ts'
import { withDenseRows } from './dense-rows.ts'
import { beginPlan } from './plan.ts'
import { shareSpace, Space } from './working-space.ts'

/** The gradients of attention in WebAssembly. Query, key, value and gradient are read row by row. */
export function wasmAttentionBackward(call: OpCall, arena: Arena, wasm: Wasm): readonly BufferHandle[] {
  const gradient = call.inputs.length - 2
  return withDenseRows(call, arena, [0, 1, 2, gradient], (dense) => backward(dense, arena, wasm))
}

function backward(call: OpCall, arena: Arena, { exports, team }: Wasm): readonly BufferHandle[] {
  const opened = openCall(call, false)
  const { plan, attrs } = opened
  const { batch, heads, keys, headSize, valueSize } = plan
  const { mostKeys, mostRanges } = opened.ranges
  const outputs = call.outputs.map((spec) => arena.allocate(spec))
  const extra = outputs.slice(3)
  const biasOutput = (attrs as AttentionBackwardAttrs).needsBias ? extra.shift() : undefined
  const sinkOutput = extra.shift()
  const biasShape = biasOutput ? call.outputs[3]!.shape : []
  const biasSize = biasOutput ? sizeOf(biasShape) : 0
  const keyHeads = call.outputs[1]!.shape[1]!

  const space = new Space()
  const shared = shareSpace(space, opened, mostKeys * laneBytes, attrs.dropoutRate > 0 ? panelBlockBytes : 0)
  const spreadKeys = plan.key.strides[2] !== headSize
  const spreadValues = plan.value.strides[2] !== valueSize
  const own = {
    gatheredKeys: space.take(spreadKeys ? 4 * headSize * keys : 0),
    gatheredValues: space.take(spreadValues ? 4 * valueSize * keys : 0),
    turnedGradient: space.take(headSize * laneBytes),
    scoreGradients: space.take(keyBlock * laneBytes),
    slopes: space.take(attrs.softcap === null ? 0 : mostKeys * laneBytes),
    deltas: space.take(laneBytes),
    sinkWeights: space.take(laneBytes),
    kept: space.take(Math.ceil(mostKeys / keyBlock) + mostRanges),
    keySums: space.take(headSize % 8 === 0 ? 0 : 32 * Math.ceil(headSize / 8) * keys),
    valueSums: space.take(valueSize % 8 === 0 ? 0 : 32 * Math.ceil(valueSize / 8) * keys),
  }
  const sinkSize = sinkOutput ? batch * heads : 0
  const doubles = 64 * Math.ceil((biasSize + sinkSize) / 8)
  const { writer, base, further, start } = beginPlan(opened, shared, space, arena, team.size, doubles, [0, 0])
  const sums = biasOutput && biasTotals(biasShape, further / 8)
  const sinkSums = sinkOutput ? further + 8 * biasSize : 0
  const { float64 } = arena.heap
  float64.fill(0, further / 8, further / 8 + biasSize)

  const [logSumExp, gradient, delta] = plan.rest
  writer.operand(perQuery(logSumExp!))
  writer.operand(perQuery(gradient!))
  writer.operand(perQuery(delta!))
  for (const { address } of outputs.slice(0, 3)) writer.int(address)
  writer.int(keyHeads)
  writer.operand(sums, 8)
  writer.int(sinkSums)
  const batchUnits = sharesSums(sums, 0, batch) ? 1 : batch
  const headUnits = sharesSums(sums, 1, heads) ? 1 : keyHeads
  writer.int(batchUnits)
  writer.int(headUnits)
  writer.int(start + own.turnedGradient)
  writer.int(start + own.scoreGradients)
  writer.int(attrs.softcap === null ? 0 : start + own.slopes)
  writer.int(start + own.deltas)
  writer.int(start + own.sinkWeights)
  writer.int(start + own.kept)
  writer.int(start + own.keySums)
  writer.int(start + own.valueSums)
  writer.int(spreadKeys ? start + own.gatheredKeys : 0)
  writer.int(spreadValues ? start + own.gatheredValues : 0)

  const units = batch === 0 ? 0 : batchUnits * headUnits
  const rows = units === 0 ? 0 : (batch * heads * plan.queries) / units
  team.split(exports.attentionBackward, units, unitsPerPiece(opened, 3 * rows), base)
  if (biasOutput) team.split(exports.roundDoubles, biasSize, 16_384, biasOutput.address, further)
  if (sinkOutput) addSinks(arena, sinkOutput, sinkSums / 8, batch, heads)
  return outputs
}

/** Whether the gradient of the bias is a sum over an axis, so that nobody else may add to it at the same time. */
function sharesSums(sums: Operand | undefined, axis: number, length: number): boolean {
  return sums !== undefined && length > 1 && sums.strides[axis] === 0
}

function addSinks({ heap }: Arena, output: CpuBuffer, sums: number, batch: number, heads: number): void {
  for (let head = 0; head < heads; head++) {
    let total = 0
    for (let entry = 0; entry < batch; entry++) total += heap.float64[sums + entry * heads + head]!
    heap.float32[output.address / 4 + head] = total
  }
}
