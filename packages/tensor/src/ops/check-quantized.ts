import type { TensorSpec } from '../dtype.ts'
import { DTypeError } from '../errors/dtype-error.ts'
import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'
import { checkDType } from './check-dtype.ts'

/** Throws unless `weight` is int8 `[rows, inner]` and `scale` float32 `[rows, blocks]`, where `blocks` divides `inner`. */
export function checkQuantized(operation: string, weight: TensorSpec, scale: TensorSpec): void {
  if (weight.dtype !== 'int8') {
    throw new DTypeError({
      operation,
      argument: 'weight',
      got: `has dtype ${weight.dtype}`,
      expected: 'int8',
      fix: 'Quantise it with `quantizeRows`, which gives the weight and its scale.',
    })
  }
  checkDType(operation, 'scale', scale, ['float32'])
  if (weight.shape.length !== 2) {
    throw new ShapeError({
      operation,
      argument: 'weight',
      got: `has shape ${formatShape(weight.shape)}`,
      expected: '[rows, inner]',
      fix: 'Reshape it to a matrix; each row is quantised alone.',
    })
  }
  const [rows, inner] = weight.shape as readonly [number, number]
  const [scaleRows, blocks = 0] = scale.shape
  if (scale.shape.length === 2 && scaleRows === rows && blocks > 0 && inner % blocks === 0) return
  throw new ShapeError({
    operation,
    argument: 'scale',
    got: `has shape ${formatShape(scale.shape)}`,
    expected: `[${rows}, blocks], where blocks divides the last axis of 'weight' ${formatShape(weight.shape)}`,
    fix: 'Give the scale that was made with the weight: one number per row, or one per row and block of equal length.',
  })
}
