import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import type { NtkScaling } from '../../positions/scaling/ntk.ts'

export type RopeNtkOptions = RotaryOptions & NtkScaling

/**
 * Rotary positions with a larger base: the slowest pair of columns is slowed down by the factor, the fastest not at all, so
 * that neighbours stay as far apart as in training.
 *
 * @example
 * compose([scaledDot(), ropeNtk({ factor: 4 }), causal()])
 */
export function ropeNtk(options: RopeNtkOptions = {}): AttentionPart {
  return rotaryPart({
    name: 'rope-ntk',
    source:
      'bloc97 2023, NTK-aware scaled RoPE, as in Peng et al. 2023, YaRN, section 3.1 (arXiv 2309.00071)',
    about: {
      year: 2023,
      formula: 'base = base·factor^(d / (d - 2))',
      use: 'Lengthens the context of a trained model without fine-tuning.',
    },
    options,
    scaling: { ...options, kind: 'ntk' },
  })
}
