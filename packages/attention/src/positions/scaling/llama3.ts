import { checkOptions, numberAbove } from '../../check-options.ts'
import { checkLengths, lengthKinds, plainFrequencies, type Scaling } from './scaling.ts'

/** Pairs with long waves are interpolated, those with short waves stay, with a ramp between them. */
export interface Llama3Scaling {
  /** How many times slower the slow pairs become; 8 unless said. */
  readonly factor?: number
  /** The longest sequence of training, in positions; 8192 unless said. */
  readonly originalLength?: number
  /** Waves longer than the original length over this are interpolated; 1 unless said. */
  readonly lowFrequencyFactor?: number
  /** Waves shorter than the original length over this stay; 4 unless said. */
  readonly highFrequencyFactor?: number
}

/** Grattafiori et al. 2024 (arXiv 2407.21783), and the published code of Llama 3.1. */
export const llama3: Scaling<Llama3Scaling> = {
  kinds: { ...lengthKinds, lowFrequencyFactor: ['number'], highFrequencyFactor: ['number'] },
  check(part, options) {
    const { lowFrequencyFactor = 1, highFrequencyFactor = 4 } = options
    checkLengths(part, options)
    checkOptions(part, { lowFrequencyFactor, highFrequencyFactor }, numberAbove(0))
    checkOptions(
      part,
      { highFrequencyFactor },
      numberAbove(lowFrequencyFactor),
      'That is `lowFrequencyFactor`: exchange the two.',
    )
  },
  frequencies(_, options, model) {
    const { factor = 8, originalLength = 8192, lowFrequencyFactor = 1, highFrequencyFactor = 4 } = options
    const frequencies = plainFrequencies(model).map((frequency) => {
      const waves = (originalLength * frequency) / (2 * Math.PI)
      const ramp = (waves - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
      const kept = Math.min(Math.max(ramp, 0), 1)
      return (frequency / factor) * (1 - kept) + frequency * kept
    })
    return { frequencies, attentionFactor: 1 }
  },
}
