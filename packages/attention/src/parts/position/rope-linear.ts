import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import type { LinearScaling } from '../../positions/scaling/linear.ts'

export type RopeLinearOptions = RotaryOptions & LinearScaling

/**
 * Rotary positions divided by a factor (position interpolation), so that a sequence `factor` times longer than those of
 * training has no angle that was not seen. Meant to be fine-tuned for a little.
 *
 * @example
 * compose([scaledDot(), ropeLinear({ factor: 4 }), causal()])
 */
export function ropeLinear(options: RopeLinearOptions = {}): AttentionPart {
  return rotaryPart({
    name: 'rope-linear',
    source:
      'Chen et al. 2023, Extending Context Window of Large Language Models via Positional Interpolation, section 2.3 (arXiv 2306.15595)',
    about: {
      year: 2023,
      formula: 'angle = i·θ_c / factor',
      use: 'Lengthens the context of a trained model that is fine-tuned for some hundred steps.',
    },
    options,
    scaling: { ...options, kind: 'linear' },
  })
}
