import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { flip } from './flip.ts'
import { sub } from './sub.ts'
import { topK, type ValuesAndIndices } from './top-k.ts'

/**
 * The elements in order along an axis, the last one unless said, smallest first unless `descending`. Equal elements keep
 * their order; NaN counts as largest.
 *
 * @example
 * const { values, indices } = sort(probabilities, { descending: true })
 */
export function sort(
  x: Tensor,
  options: { readonly axis?: number; readonly descending?: boolean } = {},
): ValuesAndIndices {
  const axis = normalizeAxis('sort', options.axis ?? -1, x.rank)
  const length = x.shape[axis]!
  if (options.descending) return topK(x, { axis, k: length })
  // From back to front twice: so equal elements keep their order, which negating the numbers would not do for NaN.
  const { values, indices } = topK(flip(x, { axis }), { axis, k: length })
  return { values: flip(values, { axis }), indices: sub(length - 1, flip(indices, { axis })) }
}
