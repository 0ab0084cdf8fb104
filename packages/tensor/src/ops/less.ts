import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'

export const lessOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/less',
  compute: (a, b) => Number(a < b),
  output: 'bool',
})

/**
 * Where `a` is less than `b`, as `bool`; shapes broadcast.
 *
 * @example
 * const window = less(sub(queryPositions, keyPositions), 128)
 */
export function less(a: Operand, b: Operand): Tensor {
  return applyElementwise(lessOp, [a, b], {})
}

/** Where `a` is greater than `b`, as `bool`; shapes broadcast. */
export function greater(a: Operand, b: Operand): Tensor {
  return applyElementwise(lessOp, [b, a], {})
}
