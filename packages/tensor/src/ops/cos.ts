import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sin } from './sin.ts'

export const cosOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/cos',
  compute: Math.cos,
  vjp: ({ inputs: [x], gradient }) => [neg(mul(gradient, sin(x!)))],
  saves: { outputs: [] },
})

/**
 * The cosine of each element, in radians.
 *
 * @example
 * const y = cos(x)
 */
export function cos(x: Tensor): Tensor {
  return applyUnary(cosOp, x)
}
