import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { slice } from './slice.ts'

/**
 * Cuts an axis, the last one unless said, into parts of the given sizes; moves no data.
 * Throws a `ShapeError` unless the sizes add up to its length.
 *
 * @example
 * const [query, key, value] = split(projected, { sizes: [512, 512, 512] })
 */
export function split(
  x: Tensor,
  options: { readonly sizes: readonly number[]; readonly axis?: number },
): readonly Tensor[] {
  const { sizes } = options
  const axis = normalizeAxis('split', options.axis ?? -1, x.rank)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total !== x.shape[axis] || sizes.some((size) => size < 0)) {
    throw new ShapeError({
      operation: 'split',
      argument: 'sizes',
      got: `is [${sizes.join(', ')}], ${total} together`,
      expected: `sizes that add up to ${x.shape[axis]}, the length of axis ${axis} of 'x' ${formatShape(x.shape)}`,
      fix: 'Give every part its size.',
    })
  }
  let start = 0
  return sizes.map((size) => {
    const range = { start, size }
    start += size
    return slice(
      x,
      x.shape.map((_, index) => (index === axis ? range : {})),
    )
  })
}
