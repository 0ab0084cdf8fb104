import { type AttentionAttrs, type OpCall, type OpInput, stridesOf } from '@qkv/tensor'
import type { Arena } from '../../../memory/arena.ts'
import { copyDense } from '../../copy.ts'
import type { Heap } from '../../../memory/heap.ts'
import { type MaskProgram, maskProgram, rangeOf, reachOf } from './mask-program.ts'
import { type AttentionPlan, type Operand, planAttention } from '../../attention/plan.ts'

/** The queries of a block and its keys, as in assembly/attention/plan.ts. */
export const lanes = 32
export const keyBlock = 64
export const laneBytes: number = 4 * lanes
/** Eight queries and a block of keys. */
export const panelBlockBytes: number = 32 * keyBlock
/** More than the words of a plan take, and with its operands. */
const wordBytes = 512
const planBytes = 1024

/** Pieces of work should take so many nanoseconds, and a query with a key takes so many per number of its head and value. */
const pieceTime = 10_000
const timePerProduct = 0.05

/** Working space of one thread, laid out before its address is known. */
export class Space {
  bytes = 0

  take(bytes: number): number {
    const start = this.bytes
    this.bytes += 64 * Math.ceil(bytes / 64)
    return start
  }
}

/** Where the parts of the working space lie in it, in the order of assembly/attention/plan.ts. */
export interface SharedSpace {
  readonly block: number
  readonly turnedQuery: number
  readonly turnedOutput: number
  readonly scores: number
  readonly peaks: number
  readonly totals: number
  readonly factors: number
  readonly keep: number
  readonly turnedBias: number
  readonly words: number
}

/** A call with what is known before its working space is. */
export interface WasmCall {
  readonly plan: AttentionPlan
  readonly attrs: AttentionAttrs
  readonly position: number
  readonly dropoutKey: readonly [number, number]
  readonly program: MaskProgram
  readonly keepLevelBytes: number
}

export function openCall(call: OpCall, few: boolean): WasmCall {
  const attrs = call.attrs as AttentionAttrs
  const plan = planAttention(call)
  const [position, keyLow, keyHigh] = call.scalars as readonly [number, number, number]
  const keepLevelBytes = few ? 16 * Math.ceil(plan.keys / 16) : keyBlock * lanes
  return {
    plan,
    attrs,
    position,
    dropoutKey: [keyLow, keyHigh],
    program: maskProgram(plan.looked, plan.masks, position, plan.queries, plan.keys),
    keepLevelBytes,
  }
}

/** The space that both passes need, with so many bytes for scores and for random words. */
export function shareSpace(
  space: Space,
  { plan, program, keepLevelBytes }: WasmCall,
  scoreBytes: number,
  randomBytes: number,
): SharedSpace {
  return {
    block: space.take(64),
    turnedQuery: space.take(plan.headSize * laneBytes),
    turnedOutput: space.take(plan.valueSize * laneBytes),
    scores: space.take(scoreBytes),
    peaks: space.take(laneBytes),
    totals: space.take(laneBytes),
    factors: space.take(laneBytes),
    keep: space.take(program.levels * keepLevelBytes),
    turnedBias: space.take(plan.bias ? panelBlockBytes : 0),
    words: space.take(randomBytes),
  }
}

/** Writes the words of a plan, one after the other, and its operands behind them. */
export class PlanWriter {
  readonly #heap: Heap
  #word: number
  #operand: number

  /** For a plan at the address `base`. */
  constructor(heap: Heap, base: number) {
    this.#heap = heap
    this.#word = base / 4
    this.#operand = (base + wordBytes) / 4
  }

  int(word: number): void {
    this.#heap.int32[this.#word++] = word
  }

  float(value: number): void {
    this.#heap.float32[this.#word++] = value
  }

  /** The address of an operand, 0 for none; its elements take `width` bytes. */
  operand(operand: Operand | undefined, width = 4): void {
    this.int(operand ? 4 * this.#operand : 0)
    if (!operand) return
    const { int32 } = this.#heap
    const { start, strides } = operand
    int32[this.#operand] = start * width
    for (let axis = 0; axis < 4; axis++) int32[this.#operand + 1 + axis] = strides[axis]! * width
    this.#operand += 5
  }
}

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
  const { plan, attrs, position, dropoutKey, program, keepLevelBytes } = call
  const programBytes = 4 * program.words.length
  const constants = 32 + laneBytes
  const head = 64 * Math.ceil((planBytes + constants + programBytes + program.table.length) / 64)
  const base = arena.scratch(head + furtherBytes + threads * space.bytes)
  const further = base + head
  const start = further + furtherBytes
  const zeros = base + planBytes
  const steps = zeros + constants
  const { float32, int32, uint8 } = arena.heap
  float32.fill(0, zeros / 4, zeros / 4 + 8)
  float32.fill(1, zeros / 4 + 8, zeros / 4 + 8 + lanes)
  const table = steps + programBytes
  for (const place of program.tablePlaces) program.words[place]! += table
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
  const exact = rangeOf(attrs.mask)
  const reach = reachOf(attrs.mask)
  writer.int(position)
  writer.int(exact.left)
  writer.int(exact.right)
  writer.int(reach.left)
  writer.int(reach.right)
  writer.int(reach.floor)
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

/**
 * A call whose inputs at these places have rows of elements next to each other, as most have; others are copied. The copies are
 * released when `run` returns.
 */
export function withDenseRows<Result>(
  call: OpCall,
  arena: Arena,
  places: readonly number[],
  run: (call: OpCall) => Result,
): Result {
  const scattered = places.filter((place) => !hasDenseRows(call.inputs[place]!))
  if (scattered.length === 0) return run(call)
  const copies = scattered.map((place) => copyDense(call.inputs[place]!, arena))
  const inputs = call.inputs.map((input, place): OpInput => {
    const copy = copies[scattered.indexOf(place)]
    return copy
      ? { ...input, handle: copy, layout: { strides: stridesOf(input.spec.shape), offset: 0 } }
      : input
  })
  const result = run({ ...call, inputs })
  for (const copy of copies) arena.release(copy)
  return result
}

function hasDenseRows({ spec, layout }: OpInput): boolean {
  return spec.shape.at(-1)! <= 1 || layout.strides.at(-1) === 1
}

/** How many units of so many queries are worth handing to a thread. */
export function unitsPerPiece({ plan }: WasmCall, queries: number): number {
  const products = queries * plan.keys * (plan.headSize + plan.valueSize + 16)
  return Math.ceil(pieceTime / (1 + timePerProduct * products))
}
