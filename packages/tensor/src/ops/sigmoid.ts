import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sub } from './sub.ts'

export const sigmoidOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/sigmoid',
  // An exponential that overflows gives the right limit, 1 / Infinity.
  compute: (x) => div(1, add(exp(neg(x)), 1)),
  vjp: ({ outputs: [y], gradient }) => [mul(gradient, mul(y!, sub(1, y!)))],
  saves: { inputs: [] },
  range: [-4, 4],
})

/**
 * The logistic function `1 / (1 + e^-x)` of each element.
 *
 * @example
 * const gate = sigmoid(linear(x, weight, bias))
 */
export function sigmoid(x: Tensor): Tensor {
  return applyUnary(sigmoidOp, x)
}
