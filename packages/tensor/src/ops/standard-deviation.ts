import type { Tensor } from '../tensor.ts'
import { sqrt } from './sqrt.ts'
import { variance, type VarianceOptions } from './variance.ts'

/**
 * The square root of the variance over some axes, or over all. Has no gradient where all elements are equal: it is NaN.
 *
 * @example
 * const deviation = standardDeviation(activations, { axis: 0 })
 */
export function standardDeviation(x: Tensor, options: VarianceOptions = {}): Tensor {
  return sqrt(variance(x, options))
}
