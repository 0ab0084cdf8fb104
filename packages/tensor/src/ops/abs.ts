import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { numericDTypes } from './check-dtype.ts'
import { unaryComposite } from './define-composite.ts'
import { maximum } from './maximum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sign } from './sign.ts'

export const absOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/abs',
  compute: (x) => maximum(x, neg(x)),
  vjp: ({ inputs: [x], gradient }) => [mul(gradient, sign(x!))],
  saves: { outputs: [] },
  dtypes: numericDTypes,
})

/**
 * The absolute value of each element; the gradient at 0 is 0.
 *
 * @example
 * const loss = mean(abs(sub(predicted, target)))
 */
export function abs(x: Tensor): Tensor {
  return applyUnary(absOp, x)
}
