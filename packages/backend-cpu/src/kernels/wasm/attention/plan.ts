import type { Arena } from '../../../memory/arena.ts'
import { laneBytes, lanes } from './block-sizes.ts'
import type { WasmCall } from './call.ts'
import { reachOf } from './mask-program.ts'
import { planBytes, PlanWriter } from './plan-writer.ts'
import type { QueryRanges } from './query-ranges.ts'
import type { SharedSpace, Space } from './working-space.ts'

/** Writes what both passes know, and returns the writer for what follows, and where the working space begins. */
export function beginPlan(
  call: WasmCall,
  shared: SharedSpace,
  space: Space,
  arena: Arena,
  threads: number,
  furtherBytes: number,
  [output, logSumExp]: readonly [number, number],
): { readonly writer: PlanWriter; readonly base: number; readonly further: number; readonly start: number } {
  const { plan, attrs, position, dropoutKey, program, ranges, keepLevelBytes } = call
  const programBytes = 4 * program.words.length
  const rangeBytes = 4 * ranges.words.length
  const constants = 32 + laneBytes
  const head = 64 * Math.ceil((planBytes + constants + rangeBytes + programBytes + program.table.length) / 64)
  const base = arena.scratch(head + furtherBytes + threads * space.bytes)
  const further = base + head
  const start = further + furtherBytes
  const zeros = base + planBytes
  const rangesFrom = zeros + constants
  const steps = rangesFrom + rangeBytes
  const { float32, int32, uint8 } = arena.heap
  float32.fill(0, zeros / 4, zeros / 4 + 8)
  float32.fill(1, zeros / 4 + 8, zeros / 4 + 8 + lanes)
  const table = steps + programBytes
  for (const place of program.tablePlaces) program.words[place]! += table
  writeRanges(int32, rangesFrom / 4, ranges)
  if (program.levels > 0) {
    int32.set(program.words, steps / 4)
    uint8.set(program.table, table)
  }

  const writer = new PlanWriter(arena.heap, base)
  writer.int(plan.batch)
  writer.int(plan.heads)
  writer.int(plan.queries)
  writer.int(plan.keys)
  writer.int(plan.headSize)
  writer.int(plan.valueSize)
  writer.int(plan.group)
  writer.operand(plan.query)
  writer.operand(plan.key)
  writer.operand(plan.value)
  writer.operand(plan.bias)
  writer.operand(plan.sinks)
  writer.operand(plan.keyLengths)
  writer.float(attrs.scale)
  writer.float(attrs.softcap ?? 0)
  const reach = reachOf(attrs.mask)
  writer.int(position)
  writer.int(reach.left)
  writer.int(reach.right)
  writer.int(rangesFrom)
  writer.int(ranges.queries)
  writer.int(program.words.length / 6)
  writer.int(steps)
  writer.int(Math.ceil(attrs.dropoutRate * 2 ** 24))
  writer.float(1 / (1 - attrs.dropoutRate))
  writer.int(dropoutKey[0])
  writer.int(dropoutKey[1])
  writer.int(output)
  writer.int(logSumExp)
  writer.int(zeros)
  writer.int(zeros + 32)
  writer.int(space.bytes)
  writer.int(start + shared.block)
  writer.int(start + shared.turnedQuery)
  writer.int(start + shared.turnedOutput)
  writer.int(start + shared.scores)
  writer.int(start + shared.peaks)
  writer.int(start + shared.totals)
  writer.int(start + shared.factors)
  writer.int(start + shared.keep)
  writer.int(keepLevelBytes)
  writer.int(start + shared.turnedBias)
  writer.int(start + shared.words)
  return { writer, base, further, start }
}

/** Writes the words of ranges from the index `start` on; places among them become addresses. */
function writeRanges(int32: Int32Array, start: number, { words, blocks }: QueryRanges): void {
  int32.set(words, start)
  for (let place = start; place < start + 2 * blocks; place++) int32[place] = 4 * (start + int32[place]!)
}
