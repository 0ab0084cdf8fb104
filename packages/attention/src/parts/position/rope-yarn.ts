import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import type { YarnScaling } from '../../positions/scaling/yarn.ts'

export type RopeYarnOptions = RotaryOptions & YarnScaling

/**
 * Rotary positions whose fast pairs of columns stay as in training, whose slow ones are interpolated, with a ramp between them;
 * queries and keys are multiplied by `0.1 ln(factor) + 1`, which sharpens the weights of long sequences.
 *
 * @example
 * compose([scaledDot(), ropeYarn({ factor: 16, originalLength: 4096 }), causal()])
 */
export function ropeYarn(options: RopeYarnOptions = {}): AttentionPart {
  return rotaryPart({
    name: 'rope-yarn',
    source:
      'Peng et al. 2023, YaRN: Efficient Context Window Extension of Large Language Models, sections 3.2 and 3.4 (arXiv 2309.00071)',
    about: {
      year: 2023,
      formula:
        'θ_c = (1 - r_c)·θ_c / factor + r_c·θ_c, q and k times 0.1 ln(factor) + 1; r_c falls from 1 to 0 between the pairs of 32 turns and of 1 in the original length',
      use: 'Lengthens the context of a trained model with little fine-tuning.',
    },
    options,
    scaling: { ...options, kind: 'yarn' },
  })
}
