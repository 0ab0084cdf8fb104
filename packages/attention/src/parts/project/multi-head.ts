import type { AttentionPart } from '../../part.ts'

/**
 * Each query head has a key and a value head of its own: what attention does where nothing is said, by name, so that a config
 * can say it, and so that it cannot be composed with another part that decides it.
 *
 * @example
 * compose([scaledDot(), multiHead()])
 */
export function multiHead(): AttentionPart {
  return {
    name: 'multi-head',
    source: 'Vaswani et al. 2017, Attention Is All You Need, section 3.2.2 (arXiv 1706.03762)',
    about: {
      year: 2017,
      formula: 'q_h = W_h x, k_h = U_h x, v_h = V_h x for each head h',
      use: 'The usual choice, where memory for keys and values is no concern.',
    },
    keyHeads: (heads) => heads,
  }
}
