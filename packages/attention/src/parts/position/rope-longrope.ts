import type { AttentionPart } from '../../part.ts'
import { type RotaryOptions, rotaryPart } from '../../positions/rotary-part.ts'
import type { LongropeScaling } from '../../positions/scaling/longrope.ts'

export type RopeLongropeOptions = RotaryOptions & LongropeScaling

/**
 * Rotary positions with a factor of its own for each pair of columns, which was searched for, such as those of Phi-3. The long
 * factors are taken where the model's maximum length is above the original one, the short ones otherwise, for sequences of any
 * length: keys can then be cached. (Transformers chooses by the length of each call.)
 *
 * @example
 * compose([scaledDot(), ropeLongrope({ factor: 32, originalLength: 4096, longFactors }), causal()])
 */
export function ropeLongrope(options: RopeLongropeOptions = {}): AttentionPart {
  return rotaryPart({
    name: 'rope-longrope',
    source:
      'Ding et al. 2024, LongRoPE: Extending LLM Context Window Beyond 2 Million Tokens, section 3 (arXiv 2402.13753), scaled as in Phi-3 and Transformers',
    about: {
      year: 2024,
      formula: 'θ_c = θ_c / λ_c, q and k times √(1 + ln(factor) / ln(n0)), n0 the original length',
      use: 'Models that were published with searched factors, such as Phi-3 with a context of 128k.',
    },
    options,
    scaling: { ...options, kind: 'longrope' },
  })
}
