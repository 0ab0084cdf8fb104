import { checkLengths, factorOf, type LengthFactor, plainFrequencies, type Scaling } from './scaling.ts'

/** Position interpolation: positions are divided by the factor, so that none is beyond those of training. */
export type LinearScaling = LengthFactor

/** Chen et al. 2023 (arXiv 2306.15595), section 2.3. */
export const linear: Scaling<LinearScaling> = {
  kinds: { factor: ['number'] },
  check: checkLengths,
  frequencies: (_, options, model) => ({
    frequencies: plainFrequencies(model).map((frequency) => frequency / factorOf(options)),
    attentionFactor: 1,
  }),
}
