import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'

export interface StreamingOptions {
  /** How many of the last positions are seen, the query's own one included; 1020 unless said. */
  readonly window?: number
  /** How many positions at the start of the text every query sees; 4 unless said. */
  readonly sinks?: number
}

/**
 * A query sees the last positions, and the very first ones, which take up attention that is not needed: text may go on for ever.
 * It is causal by itself. `ringCache` of the same sizes keeps no more than that. Positions are those of the text, where the
 * paper counts them within the cache.
 *
 * @example
 * compose([scaledDot(), rope(), streaming({ window: 252, sinks: 4 }), causal()])
 */
export function streaming(options: StreamingOptions = {}): AttentionPart {
  const { window = 1020, sinks = 4 } = options
  checkOptions('streaming', { window }, wholeFrom(1), 'Give the number of positions, such as 1020.')
  checkOptions('streaming', { sinks }, wholeFrom(0), 'Give the number of positions; the paper uses 4.')
  return {
    name: 'streaming',
    source:
      'Xiao et al. 2023, Efficient Streaming Language Models with Attention Sinks, section 3.2 (arXiv 2309.17453)',
    about: {
      year: 2023,
      formula: 'keep where i - window < j ≤ i, or j < sinks and j ≤ i',
      use: 'Generation without an end, in constant memory.',
    },
    options,
    positional: true,
    hidesFuture: true,
    // The first keys are kept for all queries by the window, also for those before them.
    mask: () => ({
      kind: 'and',
      of: [{ kind: 'causal' }, { kind: 'window', left: window - 1, right: 0, sinks }],
    }),
  }
}
