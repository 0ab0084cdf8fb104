import { ArgumentError } from '../errors/argument-error.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { reshape } from './reshape.ts'
import { unsqueeze } from './unsqueeze.ts'

/**
 * Repeats each slice along an axis, next to itself.
 *
 * @example
 * const keys = repeatInterleave(key, { repeats: heads / keyHeads, axis: 1 }) // grouped-query attention
 */
export function repeatInterleave(
  x: Tensor,
  options: { readonly repeats: number; readonly axis: number },
): Tensor {
  const { repeats } = options
  const axis = normalizeAxis('repeatInterleave', options.axis, x.rank)
  if (!Number.isInteger(repeats) || repeats < 0) {
    throw new ArgumentError({
      operation: 'repeatInterleave',
      argument: 'repeats',
      got: `is ${repeats}`,
      expected: 'a non-negative whole number',
      fix: 'Give how often each slice appears in the result.',
    })
  }
  const spread = broadcastTo(unsqueeze(x, { axis: axis + 1 }), x.shape.toSpliced(axis + 1, 0, repeats))
  return reshape(spread, x.shape.with(axis, x.shape[axis]! * repeats))
}
