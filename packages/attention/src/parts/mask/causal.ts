import type { AttentionPart } from '../../part.ts'

/**
 * No query sees a key of a later position. Decoders add it themselves.
 *
 * @example
 * compose([scaledDot(), causal()])
 */
export function causal(): AttentionPart {
  return {
    name: 'causal',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.2.3 (arXiv 1706.03762)',
    about: {
      year: 2017,
      formula: 'keep where j ≤ i',
      use: 'Text that is generated from left to right, and every decoder.',
    },
    positional: true,
    hidesFuture: true,
    mask: () => ({ kind: 'causal' }),
  }
}
