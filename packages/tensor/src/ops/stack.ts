import { ArgumentError } from '../errors/argument-error.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { concat } from './concat.ts'
import { unsqueeze } from './unsqueeze.ts'

/**
 * Puts tensors of one shape beside each other along a new axis, the first one unless said.
 * Throws a `ShapeError` when their shapes differ.
 *
 * @example
 * const batch = stack(images) // [batch, channels, height, width]
 */
export function stack(tensors: readonly Tensor[], options: { readonly axis?: number } = {}): Tensor {
  const first = tensors[0]
  if (!first) {
    throw new ArgumentError({
      operation: 'stack',
      argument: 'tensors',
      got: 'is empty',
      expected: 'at least one tensor',
      fix: 'Use `zeros` with a length of 0 for an empty result.',
    })
  }
  const axis = normalizeAxis('stack', options.axis ?? 0, first.rank + 1)
  return concat(
    tensors.map((tensor) => unsqueeze(tensor, { axis: Math.min(axis, tensor.rank) })),
    { axis },
  )
}
