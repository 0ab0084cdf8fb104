import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

export const reciprocalOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/reciprocal',
  compute: (x) => div(1, x),
  vjp: ({ outputs: [y], gradient }) => [neg(mul(gradient, mul(y!, y!)))],
  saves: { inputs: [] },
  range: [0.5, 2],
})

/**
 * One divided by each element.
 *
 * @example
 * const weights = reciprocal(distances)
 */
export function reciprocal(x: Tensor): Tensor {
  return applyUnary(reciprocalOp, x)
}
