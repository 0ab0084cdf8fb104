import { fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'
import { uniform } from './uniform.ts'

/**
 * Uniform numbers that keep the variance of signals through a layer followed by a (leaky) ReLU of some negative slope,
 * 0 unless said. A slope of sqrt(5) gives the bound 1 / sqrt(inputSize), the default of `Linear`, as in PyTorch.
 *
 * Source: He et al. 2015, Delving deep into rectifiers, section 2.2.
 *
 * @example
 * new Linear(initialization, { inputSize: 64, outputSize: 64, initializer: initializers.kaimingUniform() })
 */
export function kaimingUniform(options: { readonly negativeSlope?: number } = {}): Initializer {
  const { negativeSlope = 0 } = options
  return (initialization, shape) => {
    const fans = fansOf('kaimingUniform', shape)
    const bound = Math.sqrt(6 / ((1 + negativeSlope ** 2) * fans.input))
    return uniform({ low: -bound, high: bound })(initialization, shape)
  }
}
