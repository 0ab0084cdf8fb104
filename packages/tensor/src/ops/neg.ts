import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { numericDTypes } from './check-dtype.ts'
import { unaryPrimitive } from './define-elementwise.ts'

export const negOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/neg',
  compute: (x) => -x,
  dtypes: numericDTypes,
  vjp: ({ gradient }) => [neg(gradient)],
  saves: { inputs: [], outputs: [] },
})

/**
 * Each element with its sign turned.
 *
 * @example
 * const y = neg(x)
 */
export function neg(x: Tensor): Tensor {
  return applyUnary(negOp, x)
}
