import { ArgumentError } from '@qkv/tensor'
import { checkOptions, wholeFrom } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'

export interface SlidingWindowOptions {
  /** How many positions before the query are seen; 128 unless said. */
  readonly left?: number
  /** How many positions after the query are seen; as many as before it unless said. */
  readonly right?: number
}

/**
 * A query sees itself and the keys near it: time and memory are linear in the length. With `causal` only those before it count:
 * a causal window of `w` positions, the query's own one included, is `left: w - 1`.
 *
 * @example
 * compose([scaledDot(), slidingWindow({ left: 256 }), causal()])
 */
export function slidingWindow(options: SlidingWindowOptions = {}): AttentionPart {
  const { left = 128, right = left } = options
  const fix = 'Give the number of positions, such as 128.'
  checkOptions('sliding-window', { left, right }, wholeFrom(0), fix)
  if (left + right === 0) {
    throw new ArgumentError({
      operation: 'sliding-window',
      argument: 'left',
      got: 'and right are 0',
      expected: 'at least one position before or after the query: a window of 0 leaves it alone with itself',
      fix,
    })
  }
  return {
    name: 'sliding-window',
    source: 'Beltagy et al. 2020, Longformer: The Long-Document Transformer, section 3.1 (arXiv 2004.05150)',
    about: {
      year: 2020,
      formula: 'keep where i - left ≤ j ≤ i + right',
      use: 'Long texts whose words depend on near ones; layers above each other reach further.',
    },
    options,
    positional: true,
    ...(right === 0 && { hidesFuture: true }),
    mask: () => ({ kind: 'window', left, right }),
  }
}
