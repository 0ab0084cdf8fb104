import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { div } from './div.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'
import { mul } from './mul.ts'

export const sqrtOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/sqrt',
  compute: Math.sqrt,
  vjp: ({ outputs: [y], gradient }) => [div(mul(gradient, 0.5), y!)],
  saves: { inputs: [] },
  range: [0.5, 2],
})

/**
 * The square root of each element.
 *
 * @example
 * const y = sqrt(x)
 */
export function sqrt(x: Tensor): Tensor {
  return applyUnary(sqrtOp, x)
}
