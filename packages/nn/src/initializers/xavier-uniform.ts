import { fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'
import { uniform } from './uniform.ts'

/**
 * Uniform numbers that keep the variance of signals and gradients through a layer `[outputSize, inputSize]`.
 *
 * Source: Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks, eq. 16.
 *
 * @example
 * new Linear(initialization, { inputSize: 64, outputSize: 64, initializer: initializers.xavierUniform() })
 */
export function xavierUniform(options: { readonly gain?: number } = {}): Initializer {
  const { gain = 1 } = options
  return (initialization, shape) => {
    const fans = fansOf('xavierUniform', shape)
    const bound = gain * Math.sqrt(6 / (fans.input + fans.output))
    return uniform({ low: -bound, high: bound })(initialization, shape)
  }
}
