import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { elementwiseComposite } from './define-composite.ts'
import { exp } from './exp.ts'
import { expm1 } from './expm1.ts'
import { greater } from './less.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

interface EluAttrs {
  readonly alpha: number
}

export const eluOp: CompositeOp<EluAttrs> = elementwiseComposite<EluAttrs>({
  name: 'qkv/elu',
  source:
    'Clevert et al. 2015, Fast and accurate deep network learning by exponential linear units, section 3',
  inputs: ['x'],
  compute: ([x], { alpha }) => where(greater(x!, 0), x!, mul(expm1(x!), alpha)),
  vjp: ({ inputs: [x], gradient, attrs: { alpha } }) => [
    // Without the bound a large exponential would turn into a NaN where it is not even used.
    where(greater(x!, 0), gradient, mul(gradient, mul(exp(minimum(x!, 0)), alpha))),
  ],
  saves: { outputs: [] },
  attrs: [{ alpha: 1 }, { alpha: 0.5 }],
})

/**
 * Each element, or `alpha * (e^x - 1)` where it is not positive; `alpha` is 1 unless said.
 *
 * @example
 * const features = add(elu(query), 1) // the feature map of linear attention
 */
export function elu(x: Tensor, options: { readonly alpha?: number } = {}): Tensor {
  return x.device.applySingle(eluOp, [x], { alpha: options.alpha ?? 1 })
}
