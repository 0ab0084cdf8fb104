import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { elementwiseComposite } from './define-composite.ts'
import { maximum } from './maximum.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { tanh } from './tanh.ts'

const rate = Math.sqrt(2 / Math.PI)
const cubic = 0.044715

export const geluTanhBackwardOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/geluTanhBackward',
  inputs: ['x', 'gradient'],
  compute([x, gradient]) {
    // Beyond 10 the slope is 0 or 1 to the last bit of a double; larger squares would meet the 0 as Infinity.
    const bounded = minimum(maximum(x!, -10), 10)
    const squared = square(bounded)
    const gate = tanh(mul(mul(bounded, add(mul(squared, cubic), 1)), rate))
    const innerSlope = mul(add(mul(squared, 3 * cubic), 1), rate)
    const gateSlope = mul(sub(1, square(gate)), innerSlope)
    return mul(gradient!, mul(add(add(gate, 1), mul(bounded, gateSlope)), 0.5))
  },
  attrs: [{}],
  range: [-3, 3],
})

/** The gradient of `geluTanh(x)` with respect to `x`, given that of its output. */
export function geluTanhBackward(x: Tensor, gradient: Tensor): Tensor {
  return x.device.applySingle(geluTanhBackwardOp, [x, gradient], {})
}
