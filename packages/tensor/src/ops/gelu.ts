import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { erf } from './erf.ts'
import { geluBackward } from './gelu-backward.ts'
import { mul } from './mul.ts'

export const geluOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/gelu',
  source: 'Hendrycks and Gimpel 2016, Gaussian error linear units, section 2',
  compute: (x) => mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1)),
  vjp: ({ inputs: [x], gradient }) => [geluBackward(x!, gradient)],
  saves: { outputs: [] },
  range: [-3, 3],
})

/**
 * Each element times the share of a normal distribution below it, exactly; `geluTanh` is the approximation.
 *
 * @example
 * const hidden = gelu(linear(x, weight, bias))
 */
export function gelu(x: Tensor): Tensor {
  return applyUnary(geluOp, x)
}
