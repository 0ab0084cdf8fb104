import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { cos } from './cos.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'
import { mul } from './mul.ts'

export const sinOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/sin',
  compute: Math.sin,
  vjp: ({ inputs: [x], gradient }) => [mul(gradient, cos(x!))],
  saves: { outputs: [] },
})

/**
 * The sine of each element, in radians.
 *
 * @example
 * const y = sin(x)
 */
export function sin(x: Tensor): Tensor {
  return applyUnary(sinOp, x)
}
