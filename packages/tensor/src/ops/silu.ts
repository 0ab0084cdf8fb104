import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { siluBackward } from './silu-backward.ts'

export const siluOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/silu',
  source: 'Elfwing et al. 2017, Sigmoid-weighted linear units, section 2',
  compute: (x) => mul(x, sigmoid(x)),
  vjp: ({ inputs: [x], gradient }) => [siluBackward(x!, gradient)],
  saves: { outputs: [] },
  range: [-4, 4],
})

/**
 * Each element times its logistic function, also called swish.
 *
 * @example
 * const hidden = mul(silu(linear(x, gateWeight)), linear(x, upWeight)) // SwiGLU
 */
export function silu(x: Tensor): Tensor {
  return applyUnary(siluOp, x)
}
