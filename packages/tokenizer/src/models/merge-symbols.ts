import { Heap } from '../heap.ts'
import type { MergeTable } from './merge-table.ts'
import type { MergeDropout } from './model.ts'

/** The ids that are left of a word, and for each the number of symbols that went into it. */
export interface MergedSymbols {
  readonly ids: readonly number[]
  readonly sizes: readonly number[]
}

/** Ranks stay below 2^21, so that rank and position fit into one number. */
const POSITIONS = 2 ** 32

const isLess = (a: number, b: number): boolean => a < b

/**
 * Applies merges to a word until none is left: always the one of lowest rank, leftmost first.
 * A linked list and a heap of candidates make it n log n, so that a word of a million symbols is no hazard.
 *
 * With dropout, each merge that could be next is passed over by chance; those passed over come back once one was made.
 */
export function mergeSymbols(
  symbols: readonly number[],
  table: MergeTable,
  dropout?: MergeDropout,
): MergedSymbols {
  const length = symbols.length
  if (length < 2) return { ids: symbols, sizes: symbols.map(() => 1) }
  const ids = Int32Array.from(symbols)
  const next = Int32Array.from(symbols, (_, position) => position + 1)
  const previous = Int32Array.from(symbols, (_, position) => position - 1)
  /** Rank of the pair that begins at a position, -1 for none: a candidate with another rank is out of date. */
  const ranks = new Int32Array(length).fill(-1)
  const candidates = new Heap<number>(isLess)
  const consider = (position: number): void => {
    const right = next[position]!
    const rank = right < length ? table.rankOf(ids[position]!, ids[right]!) : -1
    ranks[position] = rank
    if (rank >= 0) candidates.push(rank * POSITIONS + position)
  }
  for (let position = 0; position < length - 1; position++) consider(position)

  const passedOver: number[] = []
  for (let candidate = candidates.pop(); candidate !== undefined; candidate = candidates.pop()) {
    const rank = Math.floor(candidate / POSITIONS)
    const position = candidate - rank * POSITIONS
    if (ranks[position] !== rank) continue
    if (dropout !== undefined && dropout.random() < dropout.rate) {
      passedOver.push(candidate)
      continue
    }
    for (const each of passedOver.splice(0)) candidates.push(each)
    const right = next[position]!
    const after = next[right]!
    ids[position] = table.mergedId(rank)
    next[position] = after
    ranks[right] = -1
    if (after < length) previous[after] = position
    consider(position)
    if (previous[position]! >= 0) consider(previous[position]!)
  }

  const mergedIds: number[] = []
  const sizes: number[] = []
  for (let position = 0; position < length; position = next[position]!) {
    mergedIds.push(ids[position]!)
    sizes.push(next[position]! - position)
  }
  return { ids: mergedIds, sizes }
}
