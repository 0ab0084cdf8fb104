import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

export const divOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/div',
  compute: (a, b) => a / b,
  dtypes: ['float32'],
  vjp: ({ inputs: [, b], outputs: [y], gradient, needs }) => {
    const quotient = div(gradient, b!)
    return [quotient, needs[1] ? neg(mul(quotient, y!)) : undefined]
  },
  saves: { inputs: [1] },
  ranges: [
    [-1, 1],
    [0.5, 2],
  ],
})

/**
 * The quotient of two float tensors, element by element; shapes broadcast. Throws a `ShapeError` when they cannot, a `DTypeError` when dtypes differ.
 *
 * @example
 * const y = div(a, b) // or div(a, 2)
 */
export function div(a: Operand, b: Operand): Tensor {
  return applyElementwise(divOp, [a, b], {})
}
