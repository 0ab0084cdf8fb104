import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { elementwiseComposite } from './define-composite.ts'
import { where } from './where.ts'

export const logicalAndOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/logicalAnd',
  inputs: ['a', 'b'],
  compute: ([a, b]) => where(a!, b!, false),
  stopsGradient: true,
  dtypes: ['bool'],
  attrs: [{}],
})

/**
 * Where both conditions hold, as `bool`; shapes broadcast.
 *
 * @example
 * const keep = logicalAnd(causal, notPadding)
 */
export function logicalAnd(a: Operand, b: Operand): Tensor {
  return applyElementwise(logicalAndOp, [a, b], {})
}
