import { ArgumentError } from '@qkv/tensor'
import { checkChoice, checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionContext } from '../../context.ts'
import { blockDiagonal } from '../../masks/block-tables.ts'
import type { Mask } from '../../masks/mask.ts'
import { columnMask, everyOther } from '../../masks/position-masks.ts'
import type { AttentionPart } from '../../part.ts'

export interface StridedOptions {
  /** Positions between those that are seen from afar, best near the square root of the length; 32 unless said. */
  readonly stride?: number
  /** `strided` for what has rows, such as images; `fixed` for text. `strided` unless said. */
  readonly pattern?: 'strided' | 'fixed'
  /** How many positions at the end of each block later blocks see, in the `fixed` pattern; 1 unless said. */
  readonly summary?: number
}

/**
 * Sparse Transformer: every position is reached in two steps, of which each sees about the square root of the length. It is causal by
 * itself. `strided` sees the `stride` positions before its own, and every `stride`-th one before; `fixed` the positions of its own block
 * of `stride`, and the last `summary` ones of each block. One head sees what the paper's two see (its "merged" head). Keys seen from
 * afar lie too far apart for blocks to be skipped: all pairs up to the query are looked at.
 *
 * @example
 * compose([scaledDot(), strided({ stride: 128, pattern: 'fixed', summary: 8 }), causal()])
 */
export function strided(options: StridedOptions = {}): AttentionPart {
  const { stride = 32, pattern = 'strided', summary = 1 } = options
  checkOptions('strided', { stride }, wholeFrom(1), 'Choose about the square root of the length.')
  checkOptions('strided', { summary }, wholeFrom(1), 'The paper uses 8 to 32 of a stride of 128 to 256.')
  if (summary > stride) {
    throw new ArgumentError({
      operation: 'strided',
      argument: 'summary',
      got: `is ${summary}`,
      expected: `at most the stride, ${stride}`,
      fix: 'Make the stride longer.',
    })
  }
  checkChoice('strided', { pattern }, ['strided', 'fixed'], "Use 'fixed' for text.")
  return {
    name: 'strided',
    source:
      'Child et al. 2019, Generating Long Sequences with Sparse Transformers, sections 4.2 and 4.3 (arXiv 1904.10509)',
    about: {
      year: 2019,
      formula:
        'strided: i - l ≤ j ≤ i or (i - j) mod l = 0; fixed: ⌊j / l⌋ = ⌊i / l⌋ or j mod l ≥ l - c; j ≤ i',
      use: 'Images and music with a period, and texts, of which a position sees about √n others.',
    },
    options,
    positional: true,
    hidesFuture: true,
    mask: (context): Mask => ({
      kind: 'and',
      of: [
        { kind: 'causal' },
        {
          kind: 'or',
          of:
            pattern === 'strided'
              ? [{ kind: 'window', left: stride, right: 0 }, everyOther(context, stride)]
              : [blockDiagonal(context, stride), summaries(context, stride, summary)],
        },
      ],
    }),
  }
}

function summaries({ device, keyLength }: AttentionContext, stride: number, summary: number): Mask {
  const flags = Uint8Array.from({ length: keyLength }, (_, key) => Number(key % stride >= stride - summary))
  return columnMask(device.tensor(flags, { shape: [1, keyLength], dtype: 'bool' }))
}
