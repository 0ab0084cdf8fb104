import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'

export const floorOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/floor',
  compute: Math.floor,
  stopsGradient: true,
  range: [-3, 3],
})

/**
 * The largest whole number that is not above each element. Its gradient is zero.
 *
 * @example
 * const bucket = floor(div(distance, 16))
 */
export function floor(x: Tensor): Tensor {
  return applyUnary(floorOp, x)
}
