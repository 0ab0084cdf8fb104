import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'
import { neg } from './neg.ts'

export const subOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/sub',
  compute: (a, b) => a - b,
  vjp: ({ gradient, needs }) => [gradient, needs[1] ? neg(gradient) : undefined],
  saves: { inputs: [], outputs: [] },
})

/**
 * The difference of two tensors, element by element; shapes broadcast. Throws a `ShapeError` when they cannot, a `DTypeError` when dtypes differ.
 *
 * @example
 * const y = sub(a, b) // or sub(a, 2)
 */
export function sub(a: Operand, b: Operand): Tensor {
  return applyElementwise(subOp, [a, b], {})
}
