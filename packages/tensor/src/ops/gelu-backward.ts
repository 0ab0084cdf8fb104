import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { elementwiseComposite } from './define-composite.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'

const densityAtZero = 1 / Math.sqrt(2 * Math.PI)

export const geluBackwardOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/geluBackward',
  inputs: ['x', 'gradient'],
  compute([x, gradient]) {
    const cumulative = mul(add(erf(mul(x!, Math.SQRT1_2)), 1), 0.5)
    const density = mul(exp(mul(mul(x!, x!), -0.5)), densityAtZero)
    return mul(gradient!, add(cumulative, mul(x!, density)))
  },
  attrs: [{}],
  range: [-3, 3],
})

/** The gradient of `gelu(x)` with respect to `x`, given that of its output. */
export function geluBackward(x: Tensor, gradient: Tensor): Tensor {
  return x.device.applySingle(geluBackwardOp, [x, gradient], {})
}
