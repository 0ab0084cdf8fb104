import type { AttentionMask } from '@qkv/tensor'

/** Keys from `first` up to, not including, `end`. */
export interface KeyRange {
  readonly first: number
  readonly end: number
}

/** The smallest stretch of keys that holds all those that queries at `from` to `to` may attend to. */
export function keyRange(mask: AttentionMask, from: number, to: number, keys: number): KeyRange {
  switch (mask.kind) {
    case 'all':
    case 'tensor':
    case 'blocks':
      return { first: 0, end: keys }
    case 'causal':
      return { first: 0, end: Math.min(keys, to + 1) }
    case 'window': {
      const sinks = mask.sinks ?? 0
      const first = sinks > 0 ? 0 : Math.max(0, from - mask.left)
      return { first, end: Math.min(keys, Math.max(sinks, to + mask.right + 1)) }
    }
    case 'and':
      return mask.of
        .map((part) => keyRange(part, from, to, keys))
        .reduce((a, b) => ({ first: Math.max(a.first, b.first), end: Math.min(a.end, b.end) }))
    case 'or':
      return mask.of
        .map((part) => keyRange(part, from, to, keys))
        .reduce((a, b) => ({ first: Math.min(a.first, b.first), end: Math.max(a.end, b.end) }))
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
  return mask.kind === 'causal' || mask.kind === 'window'
}
