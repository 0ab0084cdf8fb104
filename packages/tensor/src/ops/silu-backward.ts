import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { elementwiseComposite } from './define-composite.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { sub } from './sub.ts'

export const siluBackwardOp: CompositeOp<object> = elementwiseComposite<object>({
  name: 'qkv/siluBackward',
  inputs: ['x', 'gradient'],
  compute([x, gradient]) {
    const gate = sigmoid(x!)
    return mul(gradient!, mul(gate, add(mul(x!, sub(1, gate)), 1)))
  },
  attrs: [{}],
  range: [-4, 4],
})

/** The gradient of `silu(x)` with respect to `x`, given that of its output. */
export function siluBackward(x: Tensor, gradient: Tensor): Tensor {
  return x.device.applySingle(siluBackwardOp, [x, gradient], {})
}
