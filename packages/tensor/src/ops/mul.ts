import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'

export const mulOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/mul',
  compute: (a, b) => a * b,
  vjp: ({ inputs: [a, b], gradient, needs }) => [
    needs[0] ? mul(gradient, b!) : undefined,
    needs[1] ? mul(gradient, a!) : undefined,
  ],
  saves: { outputs: [] },
})

/**
 * The product of two tensors, element by element; shapes broadcast. Throws a `ShapeError` when they cannot, a `DTypeError` when dtypes differ.
 *
 * @example
 * const y = mul(a, b) // or mul(a, 2)
 */
export function mul(a: Operand, b: Operand): Tensor {
  return applyElementwise(mulOp, [a, b], {})
}
