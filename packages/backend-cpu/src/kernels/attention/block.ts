import type { AttentionAttrs, KeyRange, OpCall } from '@qkv/tensor'
import { addProduct, multiplyMatrices } from '../../linear-algebra/multiply.ts'
import { fillRandomWords } from '../../math/random-words.ts'
import type { Arena } from '../../memory/arena.ts'
import { keepLevels } from './keep-row.ts'
import {
  type AttentionPlan,
  denseView,
  keysOf,
  matrixAt,
  type Operand,
  transposedView,
  writeKeepOf,
} from './plan.ts'
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

/** Keys in a row that a block may attend to, and where its scores for them lie, dense `[count, width]`. */
export interface Stretch extends KeyRange {
  readonly width: number
  /** How many scores of the block lie before them. */
  readonly offset: number
}

/** Makes the products of a block with the keys that it may attend to, stretch by stretch. */
export function multiplyKeys(run: AttentionRun, { entry, head, first, count }: Block): readonly Stretch[] {
  const { plan, attrs, arena, scalars, scratch, scores } = run
  const position = scalars[0]! + first
  const left = matrixAt(plan.query, entry, head, first)
  let offset = 0
  return keysOf(plan, arena, attrs.mask, entry, position, position + count - 1).map((range): Stretch => {
    const width = range.end - range.first
    const right = transposedView(matrixAt(plan.key, entry, keyHeadOf(plan, head), range.first))
    multiplyMatrices(arena.heap, scratch, left, right, -1, scores + offset, count, plan.headSize, width)
    const stretch = { ...range, width, offset }
    offset += count * width
    return stretch
  })
}

/** The key head that a query head uses. */
export function keyHeadOf({ group }: AttentionPlan, head: number): number {
  return Math.floor(head / group)
}

/** From the first to the last key that the query number `index` of a block may attend to; none where the end is 0. */
export function keysOfQuery(
  { plan, attrs, arena, scalars }: AttentionRun,
  block: Block,
  index: number,
): KeyRange {
  const position = scalars[0]! + block.first + index
  const own = keysOf(plan, arena, attrs.mask, block.entry, position, position)
  return { first: own[0]?.first ?? 0, end: own.at(-1)?.end ?? 0 }
}

/**
 * Turns the products of the query number `index` of a block with a stretch of keys into scores, and returns the largest. `own` are the keys
 * of the query.
 */
export function scoreQuery(
  run: AttentionRun,
  block: Block,
  own: KeyRange,
  stretch: Stretch,
  index: number,
): number {
  const { plan, attrs, arena, scalars, scores, keep } = run
  const { entry, head, first } = block
  const query = first + index
  const position = scalars[0]! + query
  if (plan.looked) writeKeepOf(plan, arena, keep, entry, head, query, position, stretch)
  const bias = plan.bias && matrixAt(plan.bias, entry, head, query)
  return scoreRow(
    arena.heap.float32,
    scores + stretch.offset + index * stretch.width,
    stretch.width,
    placeIn(stretch, own.first),
    placeIn(stretch, own.end),
    attrs.scale,
    attrs.softcap ?? 0,
    bias ? bias.start + stretch.first * bias.columnStride : -1,
    bias ? bias.columnStride : 0,
    arena.heap.uint8,
    plan.looked ? keep : -1,
  )
}

/** Which column of a stretch a key is in, at its ends where it lies outside. */
function placeIn({ first, end }: Stretch, key: number): number {
  return Math.min(Math.max(key, first), end) - first
}

/** Writes the rows of keys or values, each times the number that a query has for it from the index `factors` on, added up per query. */
export function sumStretches(
  run: AttentionRun,
  { entry, head, count }: Block,
  stretches: readonly Stretch[],
  factors: number,
  rows: Operand,
  size: number,
  target: number,
): void {
  const { heap } = run.arena
  if (stretches.length === 0) heap.float32.fill(0, target, target + count * size)
  for (const [place, { first, width, offset }] of stretches.entries()) {
    const left = denseView(factors + offset, width)
    const right = matrixAt(rows, entry, keyHeadOf(run.plan, head), first)
    if (place === 0) multiplyMatrices(heap, run.scratch, left, right, -1, target, count, width, size)
    else addProduct(heap, run.scratch, left, right, target, count, width, size)
  }
}

/** Drops what the dropout of the attention weights drops from a row of them, or of their gradients, and scales the rest. */
export function dropQuery(
  run: AttentionRun,
  { entry, head, first }: Block,
  stretch: Stretch,
  index: number,
  row: number,
  factor: number,
): void {
  const { plan, attrs, arena, scalars, words } = run
  const { float32, int32 } = arena.heap
  const { width } = stretch
  const element = ((entry * plan.heads + head) * plan.queries + first + index) * plan.keys + stretch.first
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
