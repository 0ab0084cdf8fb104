import { checkOptions, odd, wholeFrom } from '../../check-options.ts'
import { bigbirdTable, type BlockTable } from '../../masks/block-tables.ts'
import type { AttentionPart } from '../../part.ts'

export interface BigbirdOptions {
  /** Positions in a block; 64 unless said. */
  readonly blockSize?: number
  /** How many blocks side by side a block sees, itself in the middle: an odd number; 3 unless said. */
  readonly window?: number
  /** How many blocks at the start see all and are seen by all; 2 unless said. */
  readonly globals?: number
  /** How many further blocks each block sees; 3 unless said. */
  readonly random?: number
  /** What the random blocks are drawn by; 0 unless said. */
  readonly seed?: number
}

/**
 * Blocks see their neighbours, the first blocks, and a few drawn at random: a sparse graph in which any position is near any other.
 * The draw is the same in every call. With `causal` it is among the blocks before, else among all of the text.
 *
 * @example
 * compose([scaledDot(), bigbird({ blockSize: 64, random: 3, seed: 7 }), padding()])
 */
export function bigbird(options: BigbirdOptions = {}): AttentionPart {
  const { blockSize = 64, window = 3, globals = 2, random = 3, seed = 0 } = options
  checkOptions('bigbird', { blockSize }, wholeFrom(1), 'Give the size in positions, such as 64.')
  checkOptions('bigbird', { window }, wholeFrom(1), 'A block always sees itself: that is a window of 1.')
  checkOptions('bigbird', { window }, odd, `As many before a block as after it: use ${window + 1}.`)
  checkOptions('bigbird', { globals, random }, wholeFrom(0), 'Give the number of blocks, such as 3.')
  checkOptions('bigbird', { seed }, wholeFrom(0), 'Any whole number such as 1 will do.')
  let last: { readonly blocks: number; readonly causal: boolean; readonly table: BlockTable } | undefined
  return {
    name: 'bigbird',
    source: 'Zaheer et al. 2020, Big Bird: Transformers for Longer Sequences, section 2 (arXiv 2007.14062)',
    about: {
      year: 2020,
      formula: 'keep where the blocks of i and j are neighbours, or one is global, or j is drawn for i',
      use: 'Long documents and genomes, in time linear in the length.',
    },
    options,
    positional: true,
    mask({ causal, maximumLength, queryStart, queryLength, keyLength }) {
      const length = Math.max(queryStart + queryLength, keyLength)
      // What a causal row draws does not depend on the length: one table does for every call.
      const blocks = Math.ceil((causal ? Math.max(maximumLength, length) : length) / blockSize)
      if (last?.blocks !== blocks || last.causal !== causal) {
        last = {
          blocks,
          causal,
          table: bigbirdTable({ window, globals, random, seed }, blocks, causal),
        }
      }
      return { kind: 'blocks', size: blockSize, table: last.table }
    },
  }
}
