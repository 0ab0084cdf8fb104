import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { elementwiseComposite } from './define-composite.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { greater } from './less.ts'
import { log1p } from './log1p.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { where } from './where.ts'

interface SoftplusAttrs {
  readonly beta: number
  readonly threshold: number
}

export const softplusOp: CompositeOp<SoftplusAttrs> = elementwiseComposite<SoftplusAttrs>({
  name: 'qkv/softplus',
  inputs: ['x'],
  compute([x], { beta, threshold }) {
    const scaled = mul(x!, beta)
    const smooth = div(log1p(exp(minimum(scaled, threshold))), beta)
    return where(greater(scaled, threshold), x!, smooth)
  },
  vjp({ inputs: [x], gradient, attrs: { beta, threshold } }) {
    const scaled = mul(x!, beta)
    return [where(greater(scaled, threshold), gradient, mul(gradient, sigmoid(scaled)))]
  },
  saves: { outputs: [] },
  attrs: [
    { beta: 1, threshold: 20 },
    { beta: 2, threshold: 1 },
  ],
  range: [-3, 3],
})

/**
 * A smooth `relu`, `log(1 + e^(beta x)) / beta`, and `x` itself where `beta x` is above the threshold.
 * `beta` is 1 and `threshold` 20 unless said, as in PyTorch.
 *
 * @example
 * const deviation = softplus(x)
 */
export function softplus(
  x: Tensor,
  options: { readonly beta?: number; readonly threshold?: number } = {},
): Tensor {
  const { beta = 1, threshold = 20 } = options
  return x.device.applySingle(softplusOp, [x], { beta, threshold })
}
