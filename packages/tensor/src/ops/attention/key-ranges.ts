import type { AttentionMask } from './mask.ts'

/** Keys from `first` up to, not including, `end`. */
export interface KeyRange {
  readonly first: number
  readonly end: number
}

/**
 * Short stretches of keys that hold all those that queries at positions `from` to `to` (both included) may attend to: kernels leave
 * out the others. They are in order and have gaps between them; none is empty. `keys` is how many keys there are.
 *
 * @example
 * keyRanges({ kind: 'window', left: 2, right: 0, sinks: 1 }, 8, 11, 64) // [{ first: 0, end: 1 }, { first: 6, end: 12 }]
 */
export function keyRanges(mask: AttentionMask, from: number, to: number, keys: number): readonly KeyRange[] {
  switch (mask.kind) {
    case 'all':
    case 'tensor':
      return within(keys, 0, keys)
    case 'causal':
      return within(keys, 0, to + 1)
    case 'window':
      return union([
        ...within(keys, 0, mask.sinks ?? 0),
        ...within(keys, Math.ceil(from - mask.left), Math.floor(to + mask.right) + 1),
      ])
    case 'blocks':
      return blockRanges(mask, from, to, keys)
    case 'and':
      return mask.of.map((part) => keyRanges(part, from, to, keys)).reduce(intersection)
    case 'or':
      return union(mask.of.flatMap((part) => keyRanges(part, from, to, keys)))
  }
}

/** The part of a stretch that lies among the keys: one range, or none. */
function within(keys: number, first: number, end: number): readonly KeyRange[] {
  const range = { first: Math.max(0, first), end: Math.min(keys, Math.ceil(end)) }
  return range.first < range.end ? [range] : []
}

function blockRanges(
  { size, table }: Extract<AttentionMask, { readonly kind: 'blocks' }>,
  from: number,
  to: number,
  keys: number,
): readonly KeyRange[] {
  const rows = table.slice(Math.floor(from / size), Math.floor(to / size) + 1)
  return union(
    rows.flatMap((row) => runs(row).flatMap(([first, end]) => within(keys, first * size, end * size))),
  )
}

/** The stretches of ones in a row of zeros and ones. */
function runs(row: readonly number[]): readonly (readonly [first: number, end: number])[] {
  const found: [number, number][] = []
  for (let column = 0; column < row.length; column++) {
    if (row[column]! <= 0) continue
    const first = column
    while (column < row.length && row[column]! > 0) column += 1
    found.push([first, column])
  }
  return found
}

function union(ranges: readonly KeyRange[]): readonly KeyRange[] {
  const merged: KeyRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const last = merged.at(-1)
    if (last && range.first <= last.end)
      merged[merged.length - 1] = { first: last.first, end: Math.max(last.end, range.end) }
    else merged.push(range)
  }
  return merged
}

function intersection(a: readonly KeyRange[], b: readonly KeyRange[]): readonly KeyRange[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ first: Math.max(one.first, other.first), end: Math.min(one.end, other.end) }))
      .filter(({ first, end }) => first < end),
  )
}

/** How many keys ranges hold together. */
export function keysIn(ranges: readonly KeyRange[]): number {
  return ranges.reduce((sum, { first, end }) => sum + end - first, 0)
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
