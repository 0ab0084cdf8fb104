import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'
import { equal } from './equal.ts'
import { less } from './less.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

export const maximumOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/maximum',
  compute: Math.max,
  vjp: ({ inputs: [a, b], gradient, needs }) => {
    const shared = where(equal(a!, b!), mul(gradient, 0.5), gradient)
    return [
      needs[0] ? where(less(a!, b!), 0, shared) : undefined,
      needs[1] ? where(less(b!, a!), 0, shared) : undefined,
    ]
  },
  saves: { outputs: [] },
})

/**
 * The larger of two tensors, element by element; shapes broadcast, NaN wins. Equal elements share the gradient evenly.
 *
 * @example
 * const positive = maximum(x, 0)
 */
export function maximum(a: Operand, b: Operand): Tensor {
  return applyElementwise(maximumOp, [a, b], {})
}
