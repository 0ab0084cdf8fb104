import { add, mul, randomUniform, sub } from '@qkv/tensor'
import type { Initializer } from './initializer.ts'

/**
 * Uniform numbers from `low` (included) to `high` (excluded).
 *
 * @example
 * new Parameter(initialization, { shape: [8], initializer: initializers.uniform({ low: -0.1, high: 0.1 }) })
 */
export function uniform(options: { readonly low: number; readonly high: number }): Initializer {
  const { low, high } = options
  const middle = (low + high) / 2
  return ({ device, random }, shape) =>
    device.scoped(() => {
      // Subtracting a half is exact, so that only one rounding follows: the same bits on every backend.
      const centered = mul(sub(randomUniform(device, shape, { key: random.next() }), 0.5), high - low)
      return middle === 0 ? centered : add(centered, middle)
    })
}
