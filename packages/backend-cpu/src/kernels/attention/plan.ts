import {
  type AttentionAttrs,
  attentionInputs,
  type AttentionMask,
  checkBlockTables,
  type KeyRange,
  keyRanges,
  movesWithQuery,
  type OpCall,
  type OpInput,
  stridesOf,
  withoutRanges,
} from '@qkv/tensor'
import type { MatrixView } from '../../linear-algebra/multiply.ts'
import type { Arena, CpuBuffer } from '../../memory/arena.ts'
import { type MaskRow, writeKeep } from './keep-row.ts'

/** Scores of this many query-key pairs at a time: they stay in the second cache. */
const blockScores = 2 ** 17
/** Fewer queries at a time where that leaves out keys that none of them may attend to. */
const movingQueries = 32

/** An input of shape `[batch, heads, rows, columns]`, or one that broadcasts to it. */
export interface Operand {
  /** The index of its first element. */
  readonly start: number
  /** 0 along broadcast axes. */
  readonly strides: readonly [number, number, number, number]
}

/** What an attention call is about, read from it once. */
export interface AttentionPlan {
  readonly batch: number
  readonly heads: number
  readonly queries: number
  readonly keys: number
  readonly headSize: number
  readonly valueSize: number
  /** Query heads per key head. */
  readonly group: number
  /** Queries at a time. */
  readonly rows: number
  readonly query: Operand
  readonly key: Operand
  readonly value: Operand
  readonly bias: Operand | undefined
  /** A logit per head. */
  readonly sinks: Operand | undefined
  /** A length per batch entry, int32. */
  readonly keyLengths: Operand | undefined
  readonly masks: readonly Operand[]
  /** What the range of a query does not say about its keys. */
  readonly looked: AttentionMask | undefined
  /** The inputs after those of the forward call. */
  readonly rest: readonly OpInput[]
}

export function planAttention(call: OpCall): AttentionPlan {
  const attrs = call.attrs as AttentionAttrs
  const { query, key, value, masks, bias, sinks, keyLengths, rest } = attentionInputs(call.inputs, attrs)
  const [batch, heads, queries, headSize] = query.spec.shape as readonly [number, number, number, number]
  const [, keyHeads, keys] = key.spec.shape as readonly [number, number, number]
  checkBlockTables(attrs.mask, { queryStart: call.scalars[0]!, queries, keys })
  const few = movesWithQuery(attrs.mask) ? movingQueries : queries
  return {
    batch,
    heads,
    queries,
    keys,
    headSize,
    valueSize: value.spec.shape[3]!,
    group: heads / keyHeads,
    rows: Math.max(1, Math.min(queries, few, Math.max(8, Math.floor(blockScores / Math.max(keys, 1))))),
    query: operandOf(query, 4),
    key: operandOf(key, 4),
    value: operandOf(value, 4),
    bias: bias && operandOf(bias, 4),
    sinks: sinks && operandOf(sinks, 4),
    keyLengths: keyLengths && operandOf(keyLengths, 4),
    masks: masks.map((mask) => operandOf(mask, 1)),
    looked: withoutRanges(attrs.mask),
    rest,
  }
}

function operandOf({ handle, spec, layout }: OpInput, width: number): Operand {
  const skip = 4 - spec.shape.length
  const strides = [0, 1, 2, 3].map((axis) =>
    axis < skip || spec.shape[axis - skip] === 1 ? 0 : layout.strides[axis - skip]!,
  )
  return {
    start: (handle as CpuBuffer).address / width + layout.offset,
    strides: strides as [number, number, number, number],
  }
}

/** An input with an entry, or a row of them, per query: `[batch, heads, query]` and perhaps further. */
export function perQuery({ handle, layout }: OpInput): Operand {
  const [batch, heads, query, last = 0] = layout.strides as readonly [number, number, number, number?]
  return { start: (handle as CpuBuffer).address / 4 + layout.offset, strides: [batch, heads, query, last] }
}

/** Where the gradient of the bias is added up: dense, and with no step along the axes that the bias broadcasts. */
export function biasTotals(shape: readonly number[], start: number): Operand {
  const dense = stridesOf(shape)
  const strides = [0, 1, 2, 3].map((axis) => {
    const own = axis - 4 + shape.length
    return own < 0 || shape[own] === 1 ? 0 : dense[own]!
  })
  return { start, strides: strides as [number, number, number, number] }
}

/** The index of an element of an operand with one axis. */
export function elementAt({ start, strides }: Operand, index: number): number {
  return start + index * strides[3]
}

/** The matrix of one batch entry and head, from a row on. */
export function matrixAt({ start, strides }: Operand, batch: number, head: number, row: number): MatrixView {
  return {
    start: start + batch * strides[0] + head * strides[1] + row * strides[2],
    rowStride: strides[2],
    columnStride: strides[3],
  }
}

export function transposedView({ start, rowStride, columnStride }: MatrixView): MatrixView {
  return { start, rowStride: columnStride, columnStride: rowStride }
}

/** A dense matrix. */
export function denseView(start: number, columns: number): MatrixView {
  return { start, rowStride: columns, columnStride: 1 }
}

/** The keys that some of the queries at these positions may attend to, in one batch entry. */
export function keysOf(
  plan: AttentionPlan,
  arena: Arena,
  mask: AttentionMask,
  batch: number,
  from: number,
  to: number,
): readonly KeyRange[] {
  const filled = plan.keyLengths ? arena.heap.int32[elementAt(plan.keyLengths, batch)]! : plan.keys
  return keyRanges(mask, from, to, Math.min(plan.keys, filled))
}

/** Writes which of these keys a query keeps within its ranges. */
export function writeKeepOf(
  plan: AttentionPlan,
  arena: Arena,
  target: number,
  batch: number,
  head: number,
  query: number,
  position: number,
  keys: KeyRange,
): void {
  const rows = plan.masks.map(({ start, strides }): MaskRow => ({
    start: start + batch * strides[0] + head * strides[1] + query * strides[2] + keys.first * strides[3],
    keyStride: strides[3],
  }))
  writeKeep(arena.heap.uint8, target, plan.looked!, position, keys, rows)
}
