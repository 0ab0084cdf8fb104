import { normalizeAxes } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { slice } from './slice.ts'

/**
 * The elements from back to front along one axis or several, all of them unless said; moves no data.
 *
 * @example
 * const mirrored = flip(image, { axis: -1 })
 */
export function flip(x: Tensor, options: { readonly axis?: number | readonly number[] } = {}): Tensor {
  const axes = normalizeAxes('flip', options.axis, x.rank)
  return slice(
    x,
    x.shape.map((length, axis) => (axes.includes(axis) && length > 0 ? { start: length - 1, step: -1 } : {})),
  )
}
