import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { where } from './where.ts'

export const logicalNotOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/logicalNot',
  compute: (x) => where(x, false, true),
  stopsGradient: true,
  dtypes: ['bool'],
})

/**
 * Where a condition does not hold, as `bool`.
 *
 * @example
 * const maskedOut = logicalNot(keep)
 */
export function logicalNot(x: Tensor): Tensor {
  return applyUnary(logicalNotOp, x)
}
