import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { geluTanhBackward } from './gelu-tanh-backward.ts'
import { mul } from './mul.ts'
import { tanh } from './tanh.ts'

const rate = Math.sqrt(2 / Math.PI)
const cubic = 0.044715

export const geluTanhOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/geluTanh',
  source: 'Hendrycks and Gimpel 2016, Gaussian error linear units, section 2',
  compute(x) {
    const inner = mul(mul(x, add(mul(mul(x, x), cubic), 1)), rate)
    return mul(mul(x, 0.5), add(tanh(inner), 1))
  },
  vjp: ({ inputs: [x], gradient }) => [geluTanhBackward(x!, gradient)],
  saves: { outputs: [] },
  range: [-3, 3],
})

/**
 * `gelu` with a hyperbolic tangent in place of the error function, as GPT-2 was trained with.
 *
 * @example
 * const hidden = geluTanh(linear(x, weight, bias))
 */
export function geluTanh(x: Tensor): Tensor {
  return applyUnary(geluTanhOp, x)
}
