import { checkOptions, wholeFrom } from '../../check-options.ts'
import { everyOther } from '../../masks/position-masks.ts'
import type { AttentionPart } from '../../part.ts'

export interface DilatedOptions {
  /** How many keys are seen on either side of the query; 64 unless said. */
  readonly window?: number
  /** From one of them to the next in positions; 2 unless said. */
  readonly dilation?: number
}

/**
 * A sliding window with gaps: as many keys as without them, from `dilation` times as far away.
 *
 * @example
 * compose([scaledDot(), dilated({ window: 64, dilation: 4 }), causal()])
 */
export function dilated(options: DilatedOptions = {}): AttentionPart {
  const { window = 64, dilation = 2 } = options
  checkOptions('dilated', { window }, wholeFrom(1), 'Give the number of keys on either side, such as 64.')
  checkOptions('dilated', { dilation }, wholeFrom(1), 'A dilation of 1 has no gaps.')
  const reach = window * dilation
  return {
    name: 'dilated',
    source: 'Beltagy et al. 2020, Longformer: The Long-Document Transformer, section 3.1 (arXiv 2004.05150)',
    about: {
      year: 2020,
      formula: 'keep where |i - j| ≤ window · dilation and (i - j) mod dilation = 0',
      use: 'A wider reach at the price of a sliding window, best beside layers without gaps.',
    },
    options,
    positional: true,
    mask: (context) => ({
      kind: 'and',
      of: [{ kind: 'window', left: reach, right: reach }, everyOther(context, dilation)],
    }),
  }
}
