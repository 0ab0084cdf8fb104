import { pad, reshape, slice, type Tensor } from '@qkv/tensor'

/**
 * Offsets from a query to a key, key position minus query position, that occur among `queries` queries and `keys` keys:
 * from `-(queryStart + queries - 1)` on, `queries + keys - 1` of them.
 */
export function offsetCount(queries: number, keys: number): number {
  return queries + keys - 1
}

/**
 * Numbers of queries and offsets `[..., query, offset]` as numbers of queries and keys `[..., query, key]`: each row moves
 * by one place more than the row below it.
 */
export function keysByOffset(byOffset: Tensor, keys: number): Tensor {
  const [queries, offsets] = byOffset.shape.slice(-2) as [number, number]
  const lead = byOffset.shape.slice(0, -2)
  // One column more, of numbers that no key is given: rows of `offsets` then begin one place earlier each.
  const flat = reshape(padLast(byOffset, 0, 1), [...lead, queries * (offsets + 1)])
  const moved = sliceLast(flat, queries - 1, queries * offsets)
  return sliceLast(reshape(moved, [...lead, queries, offsets]), 0, keys)
}

/** The way back: numbers of keys `[..., query, key]` at their offsets `[..., query, offset]`, with zeros for all others. */
export function offsetsByKey(byKey: Tensor): Tensor {
  const [queries, keys] = byKey.shape.slice(-2) as [number, number]
  const lead = byKey.shape.slice(0, -2)
  const offsets = offsetCount(queries, keys)
  const rows = reshape(padLast(byKey, 0, queries - 1), [...lead, queries * offsets])
  const moved = padLast(rows, queries - 1, 1)
  return sliceLast(reshape(moved, [...lead, queries, offsets + 1]), 0, offsets)
}

function padLast(x: Tensor, before: number, after: number): Tensor {
  const none = x.shape.map(() => 0)
  return pad(x, { before: none.with(-1, before), after: none.with(-1, after) })
}

function sliceLast(x: Tensor, start: number, size: number): Tensor {
  return slice(x, [...x.shape.slice(1).map(() => ({})), { start, size }])
}
