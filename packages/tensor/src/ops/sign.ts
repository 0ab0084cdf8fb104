import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { numericDTypes } from './check-dtype.ts'
import { unaryComposite } from './define-composite.ts'
import { greater, less } from './less.ts'
import { where } from './where.ts'

export const signOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/sign',
  // What is neither above nor below zero stays as it is: 0, -0 and NaN.
  compute: (x) => where(greater(x, 0), 1, where(less(x, 0), -1, x)),
  stopsGradient: true,
  dtypes: numericDTypes,
})

/**
 * -1, 0 or 1, by the sign of each element. Its gradient is zero.
 *
 * @example
 * const step = sign(momentum)
 */
export function sign(x: Tensor): Tensor {
  return applyUnary(signOp, x)
}
