import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { div } from './div.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'

export const logOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/log',
  compute: Math.log,
  vjp: ({ inputs: [x], gradient }) => [div(gradient, x!)],
  saves: { outputs: [] },
  range: [0.5, 2],
})

/**
 * The natural logarithm of each element.
 *
 * @example
 * const y = log(x)
 */
export function log(x: Tensor): Tensor {
  return applyUnary(logOp, x)
}
