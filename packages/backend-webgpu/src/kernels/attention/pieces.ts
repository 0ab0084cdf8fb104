import { type AttentionAttrs, keyRange, movesWithQuery, type OpInput } from '@qkv/tensor'
import type { AttentionLengths } from './plan.ts'

/** A stretch of queries with the stretch of keys that any of them may attend to: what one round of kernels works on. */
export interface Piece {
  readonly firstQuery: number
  readonly queries: number
  readonly firstKey: number
  readonly keys: number
}

/** The most scores that live at once: 64 MiB of them. */
const mostScores = 2 ** 24
/** So many scores keep a GPU busy: where masks move with the query, pieces grow no further, and leave more keys out. */
const enoughScores = 2 ** 18
/** Fewer queries are not worth a round of kernels. */
const fewestQueries = 64

/** All queries and keys at once. */
export function wholePiece({ queries, keys }: AttentionLengths): Piece {
  return { firstQuery: 0, queries, firstKey: 0, keys }
}

/**
 * The pieces of a call, in order. With them the memory of attention grows with its length and not with the square of it, and
 * causal and windowed masks cost only what they keep.
 */
export function piecesOf(
  { mask }: AttentionAttrs,
  queryStart: number,
  lengths: AttentionLengths,
): readonly Piece[] {
  const { batch, heads, queries, keys } = lengths
  if (queries * keys === 0) return [wholePiece(lengths)]
  const moving = movesWithQuery(mask)
  const pieceOf = (firstQuery: number, count: number): Piece => {
    const from = queryStart + firstQuery
    const { first, end } = keyRange(mask, from, from + count - 1, keys)
    return { firstQuery, queries: count, ...someKeys(first, end, keys) }
  }
  const scoresOf = (piece: Piece): number => batch * heads * piece.queries * piece.keys
  const isFull = (piece: Piece, larger: Piece): boolean =>
    scoresOf(larger) > mostScores ||
    (moving && piece.queries >= fewestQueries && scoresOf(larger) > enoughScores)
  const pieces: Piece[] = []
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

/** Widened to whole vectors, and to a key where there is none: no kernel has to know of empty pieces. */
function someKeys(first: number, end: number, keys: number): Pick<Piece, 'firstKey' | 'keys'> {
  if (first >= end) return { firstKey: 0, keys: 1 }
  const firstKey = first - (first % 4)
  return { firstKey, keys: Math.min(keys, Math.ceil(end / 4) * 4) - firstKey }
}

/** Some rows of a `[batch, heads, rows, columns]`. */
export function sliceRows(input: OpInput, first: number, count: number): OpInput {
  const { spec, layout } = input
  const [batch, heads, , columns] = spec.shape as readonly [number, number, number, number]
  return {
    handle: input.handle,
    donated: false,
    spec: { ...spec, shape: [batch, heads, count, columns] },
    layout: { ...layout, offset: layout.offset + first * layout.strides[2]! },
  }
}
