import { add, cos, log, mul, neg, randomUniform, sqrt, sub } from '@qkv/tensor'
import type { Initializer } from './initializer.ts'

/**
 * Normally distributed numbers, mean 0 unless said.
 *
 * The same random numbers on every backend, up to the rounding of its logarithm and cosine.
 * Source: Box and Muller 1958, A note on the generation of random normal deviates.
 *
 * @example
 * new Embedding(initialization, { vocabulary, width, initializer: initializers.normal({ standardDeviation: 0.02 }) })
 */
export function normal(options: { readonly mean?: number; readonly standardDeviation: number }): Initializer {
  const { mean = 0, standardDeviation } = options
  return ({ device, random }, shape) =>
    device.scoped(() => {
      // 1 - u lies in (0, 1]: its logarithm is finite.
      const positive = sub(1, randomUniform(device, shape, { key: random.next() }))
      const angle = mul(randomUniform(device, shape, { key: random.next() }), 2 * Math.PI)
      const standard = mul(sqrt(mul(neg(log(positive)), 2)), cos(angle))
      const scaled = mul(standard, standardDeviation)
      return mean === 0 ? scaled : add(scaled, mean)
    })
}
