import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { elementwiseComposite } from './define-composite.ts'
import { equal } from './equal.ts'
import { logicalNot } from './logical-not.ts'

export const notEqualOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/notEqual',
  inputs: ['a', 'b'],
  compute: ([a, b]) => logicalNot(equal(a!, b!)),
  stopsGradient: true,
  dtypes: ['float32', 'int32', 'bool'],
  output: 'bool',
  attrs: [{}],
})

/**
 * Where `a` differs from `b`, as `bool`; shapes broadcast, NaN differs from everything, itself included.
 *
 * @example
 * const keep = notEqual(tokens, paddingId)
 */
export function notEqual(a: Operand, b: Operand): Tensor {
  return applyElementwise(notEqualOp, [a, b], {})
}
