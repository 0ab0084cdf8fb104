import type { TensorSpec } from '../dtype.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, sizeOf, stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { full } from './full.ts'
import { iota } from './iota.ts'
import { less } from './less.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

/** Throws unless `indices` is `int32` with the axes of `shape`, none longer except the one that is indexed. */
export function checkAlongAxis(
  operation: string,
  indices: TensorSpec,
  shape: readonly number[],
  axis: number,
): void {
  checkDType(operation, 'indices', indices, ['int32'])
  const fits =
    indices.shape.length === shape.length &&
    indices.shape.every((length, index) => index === axis || length <= shape[index]!)
  if (fits) return
  throw new ShapeError({
    operation,
    argument: 'indices',
    got: `has shape ${formatShape(indices.shape)}`,
    expected: `as many axes as ${formatShape(shape)}, none longer except axis ${axis}`,
    fix: 'Add axes with `unsqueeze`, or use `gather` to take whole slices.',
  })
}

/**
 * Where the element that `indices` names along `axis` lies in a dense tensor of `shape`. An index outside the axis becomes
 * -1, so that it cannot reach into another line.
 */
export function flatIndices(indices: Tensor, shape: readonly number[], axis: number): Tensor {
  const { device } = indices
  const strides = stridesOf(shape)
  let flat = mul(indices, strides[axis]!)
  for (const [other, length] of indices.shape.entries()) {
    if (other === axis || length === 1) continue
    const counting = indices.shape.map((_, index) => (index === other ? length : 1))
    flat = add(flat, iota(device, counting, { axis: other, step: strides[other]! }))
  }
  const outside = full(device, [], -1, { dtype: 'int32' })
  return where(less(indices, 0), outside, where(less(indices, shape[axis]!), flat, outside))
}

/** The number of elements as a shape of one axis. */
export function flatShape(shape: readonly number[]): readonly number[] {
  return [sizeOf(shape)]
}
