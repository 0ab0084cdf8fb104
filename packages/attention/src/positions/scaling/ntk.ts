import {
  checkLengths,
  factorOf,
  type LengthFactor,
  plainFrequencies,
  type RotaryModel,
  type Scaling,
} from './scaling.ts'

/** A larger base: the slowest pair is slowed down by the factor, the fastest not at all. */
export type NtkScaling = LengthFactor

/** bloc97 2023, as in Peng et al. 2023 (arXiv 2309.00071), section 3.1. */
export const ntk: Scaling<NtkScaling> = {
  kinds: { factor: ['number'] },
  check: checkLengths,
  frequencies: (_, options, model) => ({
    frequencies: stretchedFrequencies(model, factorOf(options)),
    attentionFactor: 1,
  }),
}

/** The frequencies of the base `base * stretch^(d / (d - 2))`. */
export function stretchedFrequencies(model: RotaryModel, stretch: number): Float64Array {
  const { rotarySize, base } = model
  // The one frequency of two columns is 1 for any base.
  const exponent = rotarySize > 2 ? rotarySize / (rotarySize - 2) : 0
  return plainFrequencies({ rotarySize, base: base * stretch ** exponent })
}
