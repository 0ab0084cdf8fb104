import { ArgumentError, type Tensor } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { type BlockTable, crossTable } from '../../masks/block-tables.ts'
import type { Mask } from '../../masks/mask.ts'
import { columnMask, rowMask } from '../../masks/position-masks.ts'
import { checkKeyFlags } from '../../masks/check-key-flags.ts'
import { columnsOfQueries } from '../../masks/columns-of-queries.ts'
import { neededSideInput } from '../../needed-side-input.ts'
import type { AttentionPart } from '../../part.ts'

export interface LongformerOptions {
  /** How many positions on either side of the query are seen; 128 unless said. */
  readonly window?: number
  /** Positions that see all and are seen by all, the same in each row; each call brings the side input `globals` unless said. */
  readonly globals?: readonly number[]
}

/** Over more keys than this, blocks without global positions are skipped, where those are known before the call. */
const longLength = 512
const blockSize = 64

/**
 * A sliding window, and a few global positions that see every key and that every query sees, such as that of a class token or of the
 * words of a question. Each call brings the side input `globals`, `bool` `[batch, key]`, unless the option names the positions.
 * Global positions share the projections of the others; the paper trains projections of their own for them. Positions named by the
 * option make time linear in the length; those of the side input are known to the device alone, so that all pairs are looked at.
 *
 * @example
 * compose([scaledDot(), longformer({ window: 256, globals: [0] }), padding()])
 */
export function longformer(options: LongformerOptions = {}): AttentionPart {
  const { window = 128, globals } = options
  checkOptions(
    'longformer',
    { window },
    wholeFrom(1),
    'Give the number of positions on either side, such as 128.',
  )
  if (globals !== undefined) checkGlobals(globals)
  const globalBlocks = new Set(globals?.map((position) => Math.floor(position / blockSize)))
  let last: BlockTable | undefined
  return {
    name: 'longformer',
    source: 'Beltagy et al. 2020, Longformer: The Long-Document Transformer, section 3.1 (arXiv 2004.05150)',
    about: {
      year: 2020,
      formula: 'keep where |i - j| ≤ window, or i is global, or j is global',
      use: 'Long documents of which a few tokens must know all: classes, questions, summaries.',
    },
    options,
    selfOnly: 'a global position is both a query and a key',
    positional: true,
    ...(globals === undefined && {
      sideInputs: ['globals'],
      sampleSide: ({ batch, length }) => ({
        globals: {
          shape: [batch, length],
          values: Array.from({ length: batch * length }, (_, index) =>
            Number(index % length === Math.floor(index / length)),
          ),
          dtype: 'bool',
        },
      }),
    }),
    mask(context) {
      const flags = globals ? flagsOf(globals, context) : sideOf(context)
      const global: Mask = {
        kind: 'or',
        of: [columnMask(flags), rowMask(columnsOfQueries(context, 'longformer', 'globals', flags))],
      }
      const near: Mask = { kind: 'window', left: window, right: window }
      if (globals === undefined || context.keyLength <= longLength) return { kind: 'or', of: [near, global] }
      const { queryStart, queryLength, keyLength } = context
      const blocks = Math.ceil(Math.max(queryStart + queryLength, keyLength) / blockSize)
      if (last?.length !== blocks) last = crossTable(globalBlocks, blocks)
      const held: Mask = { kind: 'blocks', size: blockSize, table: last }
      return { kind: 'or', of: [near, { kind: 'and', of: [held, global] }] }
    },
  }
}

function flagsOf(globals: readonly number[], { device, keyLength }: AttentionContext): Tensor {
  const flags = Uint8Array.from({ length: keyLength }, (_, key) => Number(globals.includes(key)))
  return device.tensor(flags, { shape: [1, keyLength], dtype: 'bool' })
}

function sideOf(context: AttentionContext): Tensor {
  const flags = neededSideInput(
    context,
    'longformer',
    'globals',
    'bool [batch, key], true for the global positions',
    'Pass it, or name the positions with the option `globals`.',
  )
  checkKeyFlags(context, 'longformer', 'globals', flags)
  return flags
}

function checkGlobals(globals: readonly number[]): void {
  if (globals.length > 0 && globals.every((position) => Number.isInteger(position) && position >= 0)) return
  throw new ArgumentError({
    operation: 'longformer',
    argument: 'globals',
    got: `is [${globals.join(', ')}]`,
    expected: 'positions from 0 on, at least one',
    fix: 'Without any, `sliding-window` says what you mean.',
  })
}
