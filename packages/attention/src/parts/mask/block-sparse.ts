import { ArgumentError } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { noMask } from '../../masks/mask.ts'
import type { AttentionPart } from '../../part.ts'

export interface BlockSparseOptions {
  /** Positions in a block; 128 unless said. */
  readonly size?: number
  /** `table[queryBlock][keyBlock]` is 1 where the block is seen, else 0; every block is seen unless said. */
  readonly table?: readonly (readonly number[])[]
}

/**
 * Any pattern of blocks, from a table: blocks without a 1 are skipped. Throws an `ArgumentError` in the call where the table does not
 * cover the positions.
 *
 * @example
 * compose([scaledDot(), blockSparse({ size: 64, table: [[1, 0], [1, 1]] })]) // up to 128 positions
 */
export function blockSparse(options: BlockSparseOptions = {}): AttentionPart {
  const { size = 128, table } = options
  checkOptions('block-sparse', { size }, wholeFrom(1), 'Give the size in positions, such as 128.')
  if (table) checkTable(table)
  return {
    name: 'block-sparse',
    source:
      'Dong et al. 2024, Flex Attention: A Programming Model for Generating Optimized Attention Kernels, on block masks (arXiv 2412.05496)',
    about: {
      year: 2024,
      formula: 'keep where table[⌊i / size⌋][⌊j / size⌋] = 1',
      use: 'Patterns that no other part has, at the price of the blocks that they keep.',
    },
    options,
    positional: true,
    mask(context) {
      if (!table) return noMask
      checkCovered(context, table, size)
      return { kind: 'blocks', size, table }
    },
  }
}

function checkTable(table: readonly (readonly number[])[]): void {
  const columns = table[0]?.length ?? 0
  const sound = table.every((row) => row.length === columns && row.every((flag) => flag === 0 || flag === 1))
  if (columns > 0 && sound) return
  throw new ArgumentError({
    operation: 'block-sparse',
    argument: 'table',
    got: `is ${JSON.stringify(table)}`,
    expected: 'rows of equal length that hold 0 or 1',
    fix: 'Give one row for each block of queries, and one column for each block of keys.',
  })
}

function checkCovered(
  { queryStart, queryLength, keyLength }: AttentionContext,
  table: readonly (readonly number[])[],
  size: number,
): void {
  const [queries, keys] = [table.length * size, table[0]!.length * size]
  if (queryStart + queryLength <= queries && keyLength <= keys) return
  throw new ArgumentError({
    operation: 'block-sparse',
    argument: 'table',
    got: `covers ${queries} queries and ${keys} keys`,
    expected: `room for ${queryStart + queryLength} queries and ${keyLength} keys`,
    fix: 'Add rows and columns, or make the blocks larger.',
  })
}
