import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

export const tanhOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/tanh',
  compute: Math.tanh,
  vjp: ({ outputs: [y], gradient }) => [mul(gradient, sub(1, mul(y!, y!)))],
  saves: { inputs: [] },
})

/**
 * The hyperbolic tangent of each element.
 *
 * @example
 * const y = tanh(x)
 */
export function tanh(x: Tensor): Tensor {
  return applyUnary(tanhOp, x)
}
