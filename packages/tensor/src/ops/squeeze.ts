import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, normalizeAxes } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { squeezedShape } from './reduction.ts'
import { reshape } from './reshape.ts'

/**
 * Removes axes of length 1: those that are named, or all of them. Throws a `ShapeError` when a named one is longer.
 *
 * @example
 * const scores = squeeze(products, { axis: -1 }) // [batch, length] from [batch, length, 1]
 */
export function squeeze(x: Tensor, options: { readonly axis?: number | readonly number[] } = {}): Tensor {
  if (options.axis === undefined) {
    return reshape(
      x,
      x.shape.filter((length) => length !== 1),
    )
  }
  const axes = normalizeAxes('squeeze', options.axis, x.rank)
  const longer = axes.find((axis) => x.shape[axis] !== 1)
  if (longer !== undefined) {
    throw new ShapeError({
      operation: 'squeeze',
      argument: 'axis',
      got: `is ${longer}, of length ${x.shape[longer]} in 'x' ${formatShape(x.shape)}`,
      expected: 'an axis of length 1',
      fix: 'Reduce that axis, or take one element of it with `slice`.',
    })
  }
  return reshape(x, squeezedShape(x.shape, axes))
}
