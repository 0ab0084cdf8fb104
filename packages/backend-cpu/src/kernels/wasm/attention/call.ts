import type { AttentionAttrs, OpCall } from '@qkv/tensor'
import { type AttentionPlan, planAttention } from '../../attention/plan.ts'
import { keyBlock, lanes } from './block-sizes.ts'
import { type MaskProgram, maskProgram } from './mask-program.ts'
import { type QueryRanges, queryRanges } from './query-ranges.ts'

/** Pieces of work should take so many nanoseconds, and a query with a key takes so many per number of its head and value. */
const pieceTime = 10_000
const timePerProduct = 0.05

/** A call with what is known before its working space is. */
export interface WasmCall {
  readonly plan: AttentionPlan
  readonly attrs: AttentionAttrs
  readonly position: number
  readonly dropoutKey: readonly [number, number]
  readonly program: MaskProgram
  readonly ranges: QueryRanges
  readonly keepLevelBytes: number
}

/** Reads a call, of few queries or of many. */
export function openCall(call: OpCall, few: boolean): WasmCall {
  const attrs = call.attrs as AttentionAttrs
  const plan = planAttention(call)
  const [position, keyLow, keyHigh] = call.scalars as readonly [number, number, number]
  const program = maskProgram(plan.looked, plan.masks)
  const ranges = queryRanges(attrs.mask, position, plan.queries, plan.keys, few ? 1 : lanes)
  return {
    plan,
    attrs,
    position,
    dropoutKey: [keyLow, keyHigh],
    program,
    ranges,
    keepLevelBytes: few ? 16 * Math.ceil(ranges.mostKeys / 16) : keyBlock * lanes,
  }
}

/** How many units of so many queries are worth handing to a thread. */
export function unitsPerPiece({ plan, ranges }: WasmCall, queries: number): number {
  const products = queries * ranges.meanKeys * (plan.headSize + plan.valueSize + 16)
  return Math.ceil(pieceTime / (1 + timePerProduct * products))
}
