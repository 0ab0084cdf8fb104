import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'
import { mul } from './mul.ts'

export const expOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/exp',
  compute: Math.exp,
  vjp: ({ outputs: [y], gradient }) => [mul(gradient, y!)],
  saves: { inputs: [] },
})

/**
 * e to the power of each element.
 *
 * @example
 * const y = exp(x)
 */
export function exp(x: Tensor): Tensor {
  return applyUnary(expOp, x)
}
