import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { elementwiseComposite } from './define-composite.ts'
import { where } from './where.ts'

export const logicalOrOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/logicalOr',
  inputs: ['a', 'b'],
  compute: ([a, b]) => where(a!, true, b!),
  stopsGradient: true,
  dtypes: ['bool'],
  attrs: [{}],
})

/**
 * Where at least one condition holds, as `bool`; shapes broadcast.
 *
 * @example
 * const visible = logicalOr(samePart, globalToken)
 */
export function logicalOr(a: Operand, b: Operand): Tensor {
  return applyElementwise(logicalOrOp, [a, b], {})
}
