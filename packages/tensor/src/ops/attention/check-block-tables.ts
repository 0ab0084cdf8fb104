import { ArgumentError } from '../../errors/argument-error.ts'
import type { AttentionMask } from './mask.ts'

/** How far a mask is applied. */
export interface MaskExtent {
  /** Position of the first query. */
  readonly queryStart: number
  readonly queries: number
  readonly keys: number
}

/** Throws an `ArgumentError` for block tables that end before the last query or key, or whose rows are of different lengths. */
export function checkBlockTables(mask: AttentionMask, extent: MaskExtent): void {
  const { queryStart, queries, keys } = extent
  if (queries === 0 || keys === 0) return
  if (mask.kind === 'and' || mask.kind === 'or') for (const part of mask.of) checkBlockTables(part, extent)
  if (mask.kind !== 'blocks') return
  const { size, table } = mask
  const rows = Math.ceil((queryStart + queries) / size)
  const columns = Math.ceil(keys / size)
  const width = table[0]?.length ?? 0
  const uneven = table.find((row) => row.length !== width)
  if (!uneven && queryStart >= 0 && table.length >= rows && width >= columns) return
  throw new ArgumentError({
    operation: 'attention',
    argument: 'mask',
    got: uneven
      ? `has a table with rows of ${width} and of ${uneven.length} blocks`
      : `has a table of ${table.length} by ${width} blocks of ${size} positions`,
    expected: `at least ${rows} by ${columns} blocks for queries up to position ${queryStart + queries - 1} and ${keys} keys`,
    fix: 'Make the table for the longest sequence, or the blocks larger.',
  })
}
