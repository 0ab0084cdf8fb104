import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { elementwiseComposite } from './define-composite.ts'
import { greater } from './less.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

interface LeakyReluAttrs {
  readonly negativeSlope: number
}

export const leakyReluOp: CompositeOp<LeakyReluAttrs> = elementwiseComposite<LeakyReluAttrs>({
  name: 'qkv/leakyRelu',
  source: 'Maas et al. 2013, Rectifier nonlinearities improve neural network acoustic models, section 2',
  inputs: ['x'],
  compute: ([x], { negativeSlope }) => where(greater(x!, 0), x!, mul(x!, negativeSlope)),
  vjp: ({ inputs: [x], gradient, attrs: { negativeSlope } }) => [
    where(greater(x!, 0), gradient, mul(gradient, negativeSlope)),
  ],
  saves: { outputs: [] },
  attrs: [{ negativeSlope: 0.01 }, { negativeSlope: 0.2 }],
})

/**
 * Each element, times `negativeSlope`, 0.01 unless said, where it is not positive.
 *
 * @example
 * const scores = leakyRelu(add(source, target), { negativeSlope: 0.2 })
 */
export function leakyRelu(x: Tensor, options: { readonly negativeSlope?: number } = {}): Tensor {
  return x.device.applySingle(leakyReluOp, [x], { negativeSlope: options.negativeSlope ?? 0.01 })
}
