import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import { checkScalingKinds, type RopeScaling } from '../../positions/scaling/rope-scaling.ts'

export interface RopeOptions extends RotaryOptions {
  /** Multiplies the positions; 1 unless said. */
  readonly positionScale?: number
  /** For sequences longer than those of training; none unless said. */
  readonly scaling?: RopeScaling
}

/**
 * Turns queries and keys by angles that grow with their position, so that their products depend on the distance.
 * Keys are cached turned. The tables are buffers that are not stored.
 *
 * An odd head size needs `rotarySize`, since columns turn in pairs. With a `scaling` of kind `dynamic-ntk` nothing can be
 * cached: the angles depend on the length.
 *
 * @example
 * compose([scaledDot(), rope({ base: 500000, scaling: { kind: 'yarn', factor: 4 } }), causal()])
 */
export function rope(options: RopeOptions = {}): AttentionPart {
  const { scaling, positionScale } = options
  if (scaling) checkScalingKinds('rope', scaling)
  return rotaryPart({
    name: 'rope',
    source:
      'Su et al. 2021, RoFormer: Enhanced Transformer with Rotary Position Embedding, section 3.2 (arXiv 2104.09864)',
    about: {
      year: 2021,
      formula: 'S = (R(iθ) q)·(R(jθ) k) / √d, pairs of columns turned by θ_c = base^(-2c / d)',
      use: 'The usual choice for language models: distances without parameters, and keys that can be cached.',
    },
    options,
    scaling,
    positionScale,
  })
}
