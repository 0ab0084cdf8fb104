import {
  type AttentionAttrs,
  type AttentionMask,
  type KeyRange,
  keyRanges,
  keysIn,
  movesWithQuery,
} from '@qkv/tensor'
import type { AttentionLengths } from './plan.ts'

/** A stretch of queries with the keys that any of them may attend to: what one round of kernels works on. */
export interface Piece {
  readonly firstQuery: number
  readonly queries: number
  /** The first of its keys; where keys are listed, its place in the list. */
  readonly firstKey: number
  readonly keys: number
}

/** What a call is cut into. */
export interface Pieces {
  /** In the order of their queries. */
  readonly pieces: readonly Piece[]
  /** The keys of each piece, one after the other; `undefined` where those of a piece lie in a row. */
  readonly list: readonly number[] | undefined
}

/** The most scores that live at once: 64 MiB of them. */
const mostScores = 2 ** 24
/** So many scores keep a GPU busy: where masks move with the query, pieces grow no further, and leave more keys out. */
const enoughScores = 2 ** 18
/** Fewer queries are not worth a round of kernels. */
const fewestQueries = 64
/** Keys are gathered where no more than this share of the scores is left: copying them takes time, too. */
const gatheredShare = 0.75
/** More keys are not listed: the list is made and uploaded in every call. */
const longestList = 2 ** 20

/** All queries and keys at once. */
export function wholePiece({ queries, keys }: AttentionLengths): Pieces {
  return { pieces: [{ firstQuery: 0, queries, firstKey: 0, keys }], list: undefined }
}

/**
 * The pieces of a call. With them the memory of attention grows with its length and not with the square of it, and masks of bands and
 * blocks cost only what they keep.
 */
export function piecesOf({ mask }: AttentionAttrs, queryStart: number, lengths: AttentionLengths): Pieces {
  if (lengths.queries * lengths.keys === 0) return wholePiece(lengths)
  const inRow = cut(lengths, movesWithQuery(mask), (first, count) => {
    const ranges = rangesOf(mask, queryStart + first, count, lengths.keys)
    return [{ first: ranges[0]!.first, end: ranges.at(-1)!.end }]
  })
  const pieces = inRow.map(({ ranges, ...piece }): Piece => ({
    ...piece,
    firstKey: ranges[0]!.first,
    keys: keysIn(ranges),
  }))
  if (!leavesGaps(mask)) return { pieces, list: undefined }
  const gathered = cut(lengths, true, (first, count) =>
    rangesOf(mask, queryStart + first, count, lengths.keys),
  )
  const listed = gathered.reduce((sum, { ranges }) => sum + keysIn(ranges), 0)
  const saves = scoresIn(gathered) <= gatheredShare * scoresIn(inRow)
  return saves && listed <= longestList ? listKeys(gathered) : { pieces, list: undefined }
}

/** A piece before it is known how its keys are named. */
interface Cut {
  readonly firstQuery: number
  readonly queries: number
  readonly ranges: readonly KeyRange[]
}

function cut(
  { batch, heads, queries }: AttentionLengths,
  moving: boolean,
  rangesOf: (firstQuery: number, count: number) => readonly KeyRange[],
): readonly Cut[] {
  const pieceOf = (firstQuery: number, count: number): Cut => ({
    firstQuery,
    queries: count,
    ranges: rangesOf(firstQuery, count),
  })
  const isFull = (piece: Cut, larger: Cut): boolean => {
    const scores = batch * heads * scoresIn([larger])
    return scores > mostScores || (moving && piece.queries >= fewestQueries && scores > enoughScores)
  }
  const pieces: Cut[] = []
  for (let firstQuery = 0; firstQuery < queries; firstQuery += pieces.at(-1)!.queries) {
    const left = queries - firstQuery
    let piece = pieceOf(firstQuery, 1)
    while (piece.queries < left) {
      const larger = pieceOf(firstQuery, Math.min(left, 2 * piece.queries))
      if (isFull(piece, larger)) break
      piece = larger
    }
    pieces.push(piece)
  }
  return pieces
}

/** Of one head and batch entry. */
function scoresIn(pieces: readonly Cut[]): number {
  return pieces.reduce((sum, { queries, ranges }) => sum + queries * keysIn(ranges), 0)
}

/** Widened to whole vectors, and to a key where there is none: no kernel has to know of empty pieces. */
function rangesOf(mask: AttentionMask, from: number, count: number, keys: number): readonly KeyRange[] {
  const widened: { first: number; end: number }[] = []
  for (const { first, end } of keyRanges(mask, from, from + count - 1, keys)) {
    const range = { first: first - (first % 4), end: Math.min(keys, Math.ceil(end / 4) * 4) }
    const last = widened.at(-1)
    if (last && range.first <= last.end) last.end = range.end
    else widened.push(range)
  }
  return widened.length > 0 ? widened : [{ first: 0, end: 1 }]
}

/** Whether the keys of a query may have others between them that its mask leaves out, by its shape alone. */
export function leavesGaps(mask: AttentionMask): boolean {
  if (mask.kind === 'and' || mask.kind === 'or') return mask.of.some((part) => leavesGaps(part))
  return mask.kind === 'blocks' || (mask.kind === 'window' && (mask.sinks ?? 0) > 0)
}

function listKeys(cuts: readonly Cut[]): Pieces {
  const list: number[] = []
  const pieces = cuts.map(({ ranges, ...piece }): Piece => {
    const firstKey = list.length
    for (const { first, end } of ranges) for (let key = first; key < end; key++) list.push(key)
    return { ...piece, firstKey, keys: list.length - firstKey }
  })
  return { pieces, list }
}
