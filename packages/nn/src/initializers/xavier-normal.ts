import { fansOf } from './fans.ts'
import type { Initializer } from './initializer.ts'
import { normal } from './normal.ts'

/**
 * Normal numbers that keep the variance of signals and gradients through a layer `[outputSize, inputSize]`.
 *
 * Source: Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks, eq. 12.
 *
 * @example
 * new Linear(initialization, { inputSize: 64, outputSize: 64, initializer: initializers.xavierNormal() })
 */
export function xavierNormal(options: { readonly gain?: number } = {}): Initializer {
  const { gain = 1 } = options
  return (initialization, shape) => {
    const fans = fansOf('xavierNormal', shape)
    const standardDeviation = gain * Math.sqrt(2 / (fans.input + fans.output))
    return normal({ standardDeviation })(initialization, shape)
  }
}
