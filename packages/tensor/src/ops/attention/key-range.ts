import type { AttentionMask } from './mask.ts'

/** Keys from `first` up to, not including, `end`; none where `end` is not above `first`. */
export interface KeyRange {
  readonly first: number
  readonly end: number
}

/**
 * A short stretch of keys that holds all those that queries at positions `from` to `to` (both included) may attend to: kernels
 * leave out the others. `keys` is how many there are.
 *
 * @example
 * keyRange({ kind: 'window', left: 2, right: 0 }, 8, 11, 64) // { first: 6, end: 12 }
 */
export function keyRange(mask: AttentionMask, from: number, to: number, keys: number): KeyRange {
  switch (mask.kind) {
    case 'all':
    case 'tensor':
      return { first: 0, end: keys }
    case 'causal':
      return { first: 0, end: Math.min(keys, to + 1) }
    case 'window': {
      const sinks = mask.sinks ?? 0
      const first = sinks > 0 ? 0 : Math.max(0, from - mask.left)
      return { first, end: Math.min(keys, Math.max(sinks, to + mask.right + 1)) }
    }
    case 'blocks': {
      const { size, table } = mask
      const rows = table.slice(Math.floor(from / size), Math.floor(to / size) + 1)
      const first = Math.min(
        ...rows.map((row) => row.findIndex((flag) => flag > 0)).filter((column) => column >= 0),
      )
      const last = Math.max(-1, ...rows.map((row) => row.findLastIndex((flag) => flag > 0)))
      return { first: Math.min(keys, first * size), end: Math.min(keys, (last + 1) * size) }
    }
    case 'and':
      return mask.of
        .map((part) => keyRange(part, from, to, keys))
        .reduce((a, b) => ({ first: Math.max(a.first, b.first), end: Math.min(a.end, b.end) }))
    case 'or':
      return mask.of
        .map((part) => keyRange(part, from, to, keys))
        .filter(({ first, end }) => first < end)
        .reduce((a, b) => ({ first: Math.min(a.first, b.first), end: Math.max(a.end, b.end) }), {
          first: keys,
          end: 0,
        })
  }
}

/** Whether the range of a single query is its mask, so that no key within needs a look. */
function isRange(mask: AttentionMask): boolean {
  switch (mask.kind) {
    case 'all':
    case 'causal':
      return true
    case 'window':
      return (mask.sinks ?? 0) === 0
    case 'and':
      return mask.of.every((part) => isRange(part))
    default:
      return false
  }
}

/** What is left of a mask to look at for the keys within the range of a query; `undefined` when nothing is. */
export function withoutRanges(mask: AttentionMask): AttentionMask | undefined {
  if (isRange(mask)) return undefined
  if (mask.kind !== 'and') return mask
  return { kind: 'and', of: mask.of.map((part) => withoutRanges(part)).filter((part) => part !== undefined) }
}

/** Whether the range depends on the query: then fewer queries at a time leave more keys out. */
export function movesWithQuery(mask: AttentionMask): boolean {
  if (mask.kind === 'and' || mask.kind === 'or') return mask.of.some((part) => movesWithQuery(part))
  return mask.kind === 'causal' || mask.kind === 'window' || mask.kind === 'blocks'
}
