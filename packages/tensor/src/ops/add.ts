import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'

export const addOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/add',
  compute: (a, b) => a + b,
  vjp: ({ gradient }) => [gradient, gradient],
  saves: { inputs: [], outputs: [] },
})

/**
 * The sum of two tensors, element by element; shapes broadcast. Throws a `ShapeError` when they cannot, a `DTypeError` when dtypes differ.
 *
 * @example
 * const y = add(a, b) // or add(a, 2)
 */
export function add(a: Operand, b: Operand): Tensor {
  return applyElementwise(addOp, [a, b], {})
}
