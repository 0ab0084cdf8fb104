import type { TensorSpec } from '../dtype.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { sum } from './sum.ts'

/** Throws a `ShapeError` unless a weight or bias has one number per element of the last axis of `x`. */
export function checkScale(operation: string, argument: string, scale: TensorSpec, x: TensorSpec): void {
  checkDType(operation, argument, scale, ['float32'])
  if (scale.shape.length === 1 && scale.shape[0] === x.shape.at(-1)) return
  throw new ShapeError({
    operation,
    argument,
    got: `has shape ${formatShape(scale.shape)}`,
    expected: `[${x.shape.at(-1) ?? 'width'}], the last axis of 'x' ${formatShape(x.shape)}`,
    fix: 'Check the width that the layer was made for.',
  })
}

/** Sums over all axes but the last. */
export function sumOfRows(x: Tensor): Tensor {
  return sum(x, { axis: Array.from({ length: x.rank - 1 }, (_, axis) => axis) })
}
