import { mul, tanh } from '@qkv/tensor'
import { checkOptions, numberAbove } from '../../check-options.ts'
import type { AttentionPart } from '../../part.ts'

export interface SoftcapOptions {
  /** No score is farther from 0 than this; 50 unless said. */
  readonly cap?: number
}

/**
 * Bends scores so that none is larger than the cap, and small ones stay what they are: training does not blow up. What parts
 * after it add is not capped; only a cap before all other biases runs as part of the fused operation.
 *
 * @example
 * compose([scaledDot(), softcap({ cap: 50 }), causal()])
 */
export function softcap(options: SoftcapOptions = {}): AttentionPart {
  const { cap = 50 } = options
  checkOptions('softcap', { cap }, numberAbove(0))
  return {
    name: 'softcap',
    source:
      'Gemma Team 2024, Gemma 2: Improving Open Language Models at a Practical Size, section 2 (arXiv 2408.00118)',
    about: {
      year: 2024,
      formula: 'S = c·tanh(q·k / (c·√d))',
      use: 'Training that stays stable where scores would grow without bound.',
    },
    options,
    fused: { softcap: cap },
    bias: (_, scores) => mul(tanh(mul(scores, 1 / cap)), cap),
  }
}
