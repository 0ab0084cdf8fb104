import type { Tensor } from '../tensor.ts'
import { argmax, type ArgmaxOptions } from './argmax.ts'
import { reverseOrder } from './reverse-order.ts'

/**
 * The index of the smallest element along an axis, as `int32`; the first one among equals, NaN counts as smallest.
 * Throws a `ShapeError` when there is nothing to choose from.
 *
 * @example
 * const nearest = argmin(distances, { axis: -1 })
 */
export function argmin(x: Tensor, options: ArgmaxOptions = {}): Tensor {
  return argmax(reverseOrder(x), options)
}
