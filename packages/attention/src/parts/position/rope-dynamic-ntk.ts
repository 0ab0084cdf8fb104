import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import type { DynamicNtkScaling } from '../../positions/scaling/dynamic-ntk.ts'

export type RopeDynamicNtkOptions = RotaryOptions & DynamicNtkScaling

/**
 * As `rope-ntk`, with a base that grows with the sequence: up to `originalLength` positions are as in training. The angles of
 * all positions change with the length, so that nothing can be cached.
 *
 * @example
 * compose([scaledDot(), ropeDynamicNtk({ factor: 2, originalLength: 2048 }), causal()])
 */
export function ropeDynamicNtk(options: RopeDynamicNtkOptions = {}): AttentionPart {
  return rotaryPart({
    name: 'rope-dynamic-ntk',
    source:
      'emozilla 2023, dynamically scaled RoPE, as in Peng et al. 2023, YaRN, section 3.3 (arXiv 2309.00071), with the base of Transformers',
    about: {
      year: 2023,
      formula: 'base = base·(factor·n / n0 - (factor - 1))^(d / (d - 2)) for n > n0, the original length',
      use: 'A trained model that sometimes reads longer sequences; on those of the usual length it stays as it was.',
    },
    options,
    scaling: { ...options, kind: 'dynamic-ntk' },
  })
}
