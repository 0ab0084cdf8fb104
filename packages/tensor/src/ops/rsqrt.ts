import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { sqrt } from './sqrt.ts'

export const rsqrtOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/rsqrt',
  compute: (x) => div(1, sqrt(x)),
  vjp: ({ outputs: [y], gradient }) => [mul(gradient, mul(mul(mul(y!, y!), y!), -0.5))],
  saves: { inputs: [] },
  range: [0.5, 2],
})

/**
 * One divided by the square root of each element.
 *
 * @example
 * const scaled = mul(x, rsqrt(add(mean(square(x), { axis: -1, keepAxes: true }), 1e-6)))
 */
export function rsqrt(x: Tensor): Tensor {
  return applyUnary(rsqrtOp, x)
}
