import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'

export const equalOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/equal',
  compute: (a, b) => Number(a === b),
  dtypes: ['float32', 'int32', 'bool'],
  output: 'bool',
})

/**
 * Where `a` equals `b`, as `bool`; shapes broadcast, `NaN` equals nothing.
 *
 * @example
 * const padding = equal(tokens, paddingId)
 */
export function equal(a: Operand, b: Operand): Tensor {
  return applyElementwise(equalOp, [a, b], {})
}
