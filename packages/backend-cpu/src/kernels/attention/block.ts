import type { AttentionAttrs, KeyRange, OpCall } from '@qkv/tensor'
import { multiplyMatrices } from '../../linear-algebra/multiply.ts'
import { fillRandomWords } from '../../math/random-words.ts'
import type { Arena } from '../../memory/arena.ts'
import { keepLevels } from './keep-row.ts'
import { type AttentionPlan, keysOf, matrixAt, transposedView, writeKeepOf } from './plan.ts'
import { dropRow, scoreRow } from './score-row.ts'

/** A running call, and the working space that its blocks share. */
export interface AttentionRun {
  readonly plan: AttentionPlan
  readonly attrs: AttentionAttrs
  /** The position of the first query, and the words of the dropout key. */
  readonly scalars: readonly number[]
  readonly arena: Arena
  /** The index in doubles of the working space of products. */
  readonly scratch: number
  /** The index of the scores of a block. */
  readonly scores: number
  /** The index of the random words of a row of scores. */
  readonly words: number
  /** The byte of the mask of a row of scores. */
  readonly keep: number
}

/** A stretch of queries of one batch entry and head. */
export interface Block {
  readonly entry: number
  readonly head: number
  /** The first query, and how many there are. */
  readonly first: number
  readonly count: number
}

/** Random words are written in groups of eight. */
function wordBytes(keys: number): number {
  return 4 * (keys + 2 + 8)
}

/** Bytes for the random words and the mask of a row of scores. */
export function rowBytes({ keys, looked }: AttentionPlan): number {
  return 8 * Math.ceil((wordBytes(keys) + (looked ? keepLevels(looked) * keys : 0)) / 8)
}

/** Calls `visit` for each block of queries, those of one key head in a row. */
export function forEachBlock(plan: AttentionPlan, visit: (block: Block) => void): void {
  const { batch, heads, queries, rows } = plan
  for (let entry = 0; entry < batch; entry++) {
    for (let head = 0; head < heads; head++) {
      for (let first = 0; first < queries; first += rows) {
        visit({ entry, head, first, count: Math.min(rows, queries - first) })
      }
    }
  }
}

/** Makes the products of a block with the keys that it may attend to, dense `[count, keys]`, and says which those are. */
export function multiplyKeys(run: AttentionRun, { entry, head, first, count }: Block): KeyRange {
  const { plan, attrs, arena, scalars, scratch, scores } = run
  const position = scalars[0]! + first
  const range = keysOf(plan, arena, attrs.mask, entry, position, position + count - 1)
  const width = range.end - range.first
  if (width > 0) {
    const left = matrixAt(plan.query, entry, head, first)
    const right = transposedView(matrixAt(plan.key, entry, keyHeadOf(plan, head), range.first))
    multiplyMatrices(arena.heap, scratch, left, right, -1, scores, count, plan.headSize, width)
  }
  return range
}

/** The key head that a query head uses. */
export function keyHeadOf({ group }: AttentionPlan, head: number): number {
  return Math.floor(head / group)
}

/** Turns the products of the query number `index` of a block into scores, and returns the largest. */
export function scoreQuery(run: AttentionRun, block: Block, range: KeyRange, index: number): number {
  const { plan, attrs, arena, scalars, scores, keep } = run
  const { entry, head, first } = block
  const width = range.end - range.first
  const query = first + index
  const position = scalars[0]! + query
  const own = keysOf(plan, arena, attrs.mask, entry, position, position)
  if (plan.looked) writeKeepOf(plan, arena, keep, entry, head, query, position)
  const bias = plan.bias && matrixAt(plan.bias, entry, head, query)
  return scoreRow(
    arena.heap.float32,
    scores + index * width,
    width,
    own.first - range.first,
    own.end - range.first,
    attrs.scale,
    attrs.softcap ?? 0,
    bias ? bias.start + range.first * bias.columnStride : -1,
    bias ? bias.columnStride : 0,
    arena.heap.uint8,
    plan.looked ? keep + range.first : -1,
  )
}

/** Drops what the dropout of the attention weights drops from a row of them, or of their gradients, and scales the rest. */
export function dropQuery(
  run: AttentionRun,
  { entry, head, first }: Block,
  range: KeyRange,
  index: number,
  row: number,
  factor: number,
): void {
  const { plan, attrs, arena, scalars, words } = run
  const { float32, int32 } = arena.heap
  const width = range.end - range.first
  const element = ((entry * plan.heads + head) * plan.queries + first + index) * plan.keys + range.first
  const odd = element % 2
  fillRandomWords(int32, words, (element - odd) / 2, Math.ceil((width + odd) / 2), scalars[1]!, scalars[2]!)
  const bound = Math.ceil(attrs.dropoutRate * 2 ** 24)
  dropRow(float32, row, width, factor / (1 - attrs.dropoutRate), int32, words + odd, bound)
}

/** Makes room for `blocks` blocks of scores and for `further` bytes of its own use, whose address comes with the run. */
export function startRun(
  call: OpCall,
  plan: AttentionPlan,
  arena: Arena,
  multiplyBytes: number,
  blocks: number,
  further: number,
): AttentionRun & { readonly further: number } {
  const scoreBytes = 8 * Math.ceil((blocks * plan.rows * plan.keys) / 2)
  const start = arena.scratch(multiplyBytes + further + scoreBytes + rowBytes(plan))
  const scores = start + multiplyBytes + further
  const row = scores + scoreBytes
  return {
    plan,
    attrs: call.attrs as AttentionAttrs,
    scalars: call.scalars,
    arena,
    scratch: start / 8,
    further: start + multiplyBytes,
    scores: scores / 4,
    words: row / 4,
    keep: row + wordBytes(plan.keys),
  }
}
