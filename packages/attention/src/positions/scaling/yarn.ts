import { checkOptions, numberAbove } from '../../check-options.ts'
import {
  checkLengths,
  factorOf,
  lengthKinds,
  type OriginalLength,
  originalLengthOf,
  plainFrequencies,
  type Scaling,
} from './scaling.ts'

/** Fast pairs stay, slow ones are interpolated, with a ramp between them. */
export interface YarnScaling extends OriginalLength {
  /** Pairs of more turns than this in the original length stay as they are; 32 unless said. */
  readonly betaFast?: number
  /** Pairs of fewer turns than this are interpolated; 1 unless said. */
  readonly betaSlow?: number
  /** Whether the ramp begins and ends at whole pairs, as in the published code; true unless said. */
  readonly truncate?: boolean
  /** Multiplies queries and keys; `0.1 ln(factor) + 1` unless said. */
  readonly attentionFactor?: number
}

/**
 * Peng et al. 2023 (arXiv 2309.00071), sections 3.2 and 3.4. The ramp is even over the pairs, as in the published code and in
 * Transformers; the paper's text has it even over their turns.
 */
export const yarn: Scaling<YarnScaling> = {
  kinds: {
    ...lengthKinds,
    betaFast: ['number'],
    betaSlow: ['number'],
    truncate: ['boolean'],
    attentionFactor: ['number'],
  },
  check(part, options) {
    const { betaFast = 32, betaSlow = 1, attentionFactor } = options
    checkLengths(part, options)
    checkOptions(part, { betaFast, betaSlow, attentionFactor }, numberAbove(0))
    checkOptions(part, { betaFast }, numberAbove(betaSlow), 'That is `betaSlow`: exchange the two.')
  },
  frequencies(_, options, model) {
    const { betaFast = 32, betaSlow = 1, truncate = true } = options
    const { rotarySize, base } = model
    const factor = factorOf(options)
    const original = originalLengthOf(options, model)
    /** The pair, not whole, that turns this many times in the original length. */
    const pairOf = (turns: number): number =>
      (rotarySize * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(base))
    const [first, last] = [pairOf(betaFast), pairOf(betaSlow)]
    const low = Math.max(truncate ? Math.floor(first) : first, 0)
    const high = Math.min(truncate ? Math.ceil(last) : last, rotarySize - 1)
    const width = high === low ? 0.001 : high - low
    const frequencies = plainFrequencies(model).map((frequency, pair) => {
      const ramp = Math.min(Math.max((pair - low) / width, 0), 1)
      return (frequency / factor) * ramp + frequency * (1 - ramp)
    })
    return { frequencies, attentionFactor: options.attentionFactor ?? 0.1 * Math.log(factor) + 1 }
  },
}
