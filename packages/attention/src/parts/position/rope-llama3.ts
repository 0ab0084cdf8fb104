import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import type { Llama3Scaling } from '../../positions/scaling/llama3.ts'

export type RopeLlama3Options = RotaryOptions & Llama3Scaling

/**
 * Rotary positions as in Llama 3.1: pairs of columns whose wave is short beside the original length stay, those with a longer
 * wave are slowed down by the factor, with a ramp between them.
 *
 * @example
 * compose([scaledDot(), ropeLlama3({ base: 500000, factor: 8 }), causal()])
 */
export function ropeLlama3(options: RopeLlama3Options = {}): AttentionPart {
  return rotaryPart({
    name: 'rope-llama3',
    source:
      'Grattafiori et al. 2024, The Llama 3 Herd of Models (arXiv 2407.21783), and the published code of Llama 3.1',
    about: {
      year: 2024,
      formula:
        'θ_c = (1 - r_c)·θ_c / factor + r_c·θ_c, r_c = (n0·θ_c / 2π - low) / (high - low), limited to 0 to 1',
      use: 'Llama 3.1 and later, and models that are fine-tuned from them.',
    },
    options,
    scaling: { ...options, kind: 'llama3' },
  })
}
