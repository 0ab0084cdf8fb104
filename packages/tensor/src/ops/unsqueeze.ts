import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { reshape } from './reshape.ts'

/**
 * A new axis of length 1 at the given place of the result; -1 is the last place.
 *
 * @example
 * const mask = unsqueeze(keep, { axis: 1 }) // [batch, 1, key] from [batch, key]
 */
export function unsqueeze(x: Tensor, options: { readonly axis: number }): Tensor {
  const axis = normalizeAxis('unsqueeze', options.axis, x.rank + 1)
  return reshape(x, x.shape.toSpliced(axis, 0, 1))
}
