import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { softplus } from './softplus.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { tanh } from './tanh.ts'

export const mishOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/mish',
  source: 'Misra 2019, Mish: a self regularized non-monotonic activation function, section 2',
  compute: (x) => mul(x, tanh(softplus(x))),
  vjp({ inputs: [x], gradient }) {
    const gate = tanh(softplus(x!))
    const slope = mul(mul(x!, sub(1, square(gate))), sigmoid(x!))
    return [mul(gradient, add(gate, slope))]
  },
  saves: { outputs: [] },
  range: [-4, 4],
})

/**
 * `x * tanh(softplus(x))` of each element.
 *
 * @example
 * const hidden = mish(linear(x, weight, bias))
 */
export function mish(x: Tensor): Tensor {
  return applyUnary(mishOp, x)
}
