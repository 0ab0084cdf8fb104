import { full } from '@qkv/tensor'
import type { Initializer } from './initializer.ts'

/**
 * One value everywhere.
 *
 * @example
 * new Parameter(initialization, { shape: [], initializer: initializers.constant(0.5) })
 */
export function constant(value: number): Initializer {
  return ({ device }, shape) => full(device, shape, value)
}

/** All zeros: the usual start of a bias. */
export function zeros(): Initializer {
  return constant(0)
}

/** All ones: the usual start of a scale. */
export function ones(): Initializer {
  return constant(1)
}
