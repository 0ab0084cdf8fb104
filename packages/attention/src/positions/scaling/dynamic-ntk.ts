import { stretchedFrequencies } from './ntk.ts'
import {
  checkLengths,
  factorOf,
  lengthKinds,
  type OriginalLength,
  originalLengthOf,
  type Scaling,
} from './scaling.ts'

/** A base that grows with the sequence, once it is longer than `originalLength`; shorter ones are as in training. */
export type DynamicNtkScaling = OriginalLength

/** emozilla 2023, as in Peng et al. 2023 (arXiv 2309.00071), section 3.3, with the stretch of Transformers. */
export const dynamicNtk: Scaling<DynamicNtkScaling> = {
  kinds: lengthKinds,
  check: checkLengths,
  frequencies(_, options, model, length) {
    const factor = factorOf(options)
    const original = originalLengthOf(options, model)
    const stretch = (factor * Math.max(length, original)) / original - (factor - 1)
    return { frequencies: stretchedFrequencies(model, stretch), attentionFactor: 1 }
  },
}
