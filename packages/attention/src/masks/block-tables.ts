import { childKey, randomKey, randomNumber } from '@qkv/tensor'
import type { MaskSizes } from './lower-mask.ts'
import type { Mask } from './mask.ts'

type Lengths = Pick<MaskSizes, 'queryStart' | 'queryLength' | 'keyLength'>

/** Rows of 0 and 1 by query block, columns by key block. */
export type BlockTable = readonly (readonly number[])[]

/** Keys of the query's own block of `size` positions. */
export function blockDiagonal({ queryStart, queryLength, keyLength }: Lengths, size: number): Mask {
  const blocks = Math.ceil(Math.max(queryStart + queryLength, keyLength) / size)
  return {
    kind: 'blocks',
    size,
    table: Array.from({ length: blocks }, (_, row) =>
      Array.from({ length: blocks }, (_, column) => Number(row === column)),
    ),
  }
}

/** The rows and columns of these blocks, of `blocks` in all. */
export function crossTable(kept: ReadonlySet<number>, blocks: number): BlockTable {
  return Array.from({ length: blocks }, (_, row) =>
    Array.from({ length: blocks }, (_, column) => Number(kept.has(row) || kept.has(column))),
  )
}

/** What a BigBird table keeps, in blocks. */
export interface BigbirdBlocks {
  /** How many blocks side by side a block sees, itself in the middle. */
  readonly window: number
  /** How many blocks at the start see all and are seen by all. */
  readonly globals: number
  /** How many further blocks each block sees. */
  readonly random: number
  readonly seed: number
}

/**
 * Window, global and random blocks of `blocks` in all. With `causal` the random ones come from those before, so that a row is the
 * same however long the text gets.
 */
export function bigbirdTable(
  { window, globals, random, seed }: BigbirdBlocks,
  blocks: number,
  causal: boolean,
): BlockTable {
  const reach = (window - 1) / 2
  return Array.from({ length: blocks }, (_, row) => {
    const kept = Array.from({ length: blocks }, (_, column) =>
      Number(row < globals || column < globals || Math.abs(row - column) <= reach),
    )
    const others = kept.flatMap((flag, column) => (flag || (causal && column > row) ? [] : [column]))
    for (const column of drawn(others, random, seed, row)) kept[column] = 1
    return kept
  })
}

/** `count` of the candidates, the same for one seed and row. */
function drawn(candidates: number[], count: number, seed: number, row: number): readonly number[] {
  const key = childKey(randomKey(seed), row)
  const left = [...candidates]
  return Array.from({ length: Math.min(count, left.length) }, (_, index) => {
    const [chosen] = left.splice(Math.floor(randomNumber(childKey(key, index)) * left.length), 1)
    return chosen!
  })
}
