import { add, log, mul, neg, randomUniform, sub, type Tensor } from '@qkv/tensor'
import type { Initializer } from './initializer.ts'

/** The share of a normal distribution within two standard deviations: erf(sqrt(2)). */
const shareWithin = 0.9544997361036416

/** Coefficients, highest power first, of the inverse error function where -log(1 - x^2) < 5. */
const inverseErrorFunction = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
] as const

/**
 * Normal numbers cut off at two standard deviations, mean 0; `standardDeviation` is that of the normal distribution
 * before the cut, which leaves 0.88 of it.
 *
 * Source: Giles 2010, Approximating the erfinv function, single precision.
 *
 * @example
 * new Linear(initialization, { inputSize, outputSize, initializer: initializers.truncatedNormal({ standardDeviation: 0.02 }) })
 */
export function truncatedNormal(options: { readonly standardDeviation: number }): Initializer {
  const scale = options.standardDeviation * Math.SQRT2
  return ({ device, random }, shape) =>
    device.scoped(() => {
      const centered = sub(randomUniform(device, shape, { key: random.next() }), 0.5)
      return mul(centralInverseErrorFunction(mul(centered, 2 * shareWithin)), scale)
    })
}

function centralInverseErrorFunction(x: Tensor): Tensor {
  const shifted = sub(neg(log(mul(sub(1, x), add(x, 1)))), 2.5)
  const [first, ...rest] = inverseErrorFunction
  let polynomial = mul(shifted, first)
  rest.forEach((coefficient, index) => {
    const total = add(polynomial, coefficient)
    polynomial = index === rest.length - 1 ? total : mul(total, shifted)
  })
  return mul(polynomial, x)
}
