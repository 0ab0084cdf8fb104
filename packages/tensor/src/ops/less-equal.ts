import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { numericDTypes } from './check-dtype.ts'
import { elementwiseComposite } from './define-composite.ts'
import { equal } from './equal.ts'
import { less } from './less.ts'
import { logicalOr } from './logical-or.ts'

export const lessEqualOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/lessEqual',
  inputs: ['a', 'b'],
  // Not the negation of `greater`, which would be true for NaN.
  compute: ([a, b]) => logicalOr(less(a!, b!), equal(a!, b!)),
  stopsGradient: true,
  dtypes: numericDTypes,
  output: 'bool',
  attrs: [{}],
})

/**
 * Where `a` is less than `b` or equal, as `bool`; shapes broadcast, false for NaN.
 *
 * @example
 * const causal = lessEqual(keyPositions, queryPositions)
 */
export function lessEqual(a: Operand, b: Operand): Tensor {
  return applyElementwise(lessEqualOp, [a, b], {})
}

/** Where `a` is greater than `b` or equal, as `bool`; shapes broadcast, false for NaN. */
export function greaterEqual(a: Operand, b: Operand): Tensor {
  return applyElementwise(lessEqualOp, [b, a], {})
}
