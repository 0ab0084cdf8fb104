import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { numericDTypes } from './check-dtype.ts'
import { unaryComposite } from './define-composite.ts'
import { mul } from './mul.ts'

export const squareOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/square',
  compute: (x) => mul(x, x),
  vjp: ({ inputs: [x], gradient }) => [mul(gradient, mul(x!, 2))],
  saves: { outputs: [] },
  dtypes: numericDTypes,
})

/**
 * Each element times itself.
 *
 * @example
 * const energy = sum(square(x))
 */
export function square(x: Tensor): Tensor {
  return applyUnary(squareOp, x)
}
