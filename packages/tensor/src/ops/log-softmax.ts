import type { CompositeOp } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

export const logSoftmaxOp: CompositeOp<{ readonly axis: number }> = {
  name: 'qkv/logSoftmax',
  kind: 'composite',
  infer([x]) {
    checkDType('logSoftmax', 'x', x!, ['float32'])
    return [x!]
  },
  decompose([x], { axis }) {
    const shifted = sub(x!, max(x!, { axis, keepAxes: true }))
    return [sub(shifted, log(sum(exp(shifted), { axis, keepAxes: true })))]
  },
  vjp({ outputs: [y], gradient, attrs: { axis } }) {
    return [sub(gradient, mul(exp(y!), sum(gradient, { axis, keepAxes: true })))]
  },
  saves: { inputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [2, 3, 2], range: [-4, 4] }], attrs: { axis: 0 } },
  ],
}

/**
 * The logarithm of `softmax` along an axis, the last one unless said; exact where the softmax itself would round
 * to zero.
 *
 * @example
 * const logProbabilities = logSoftmax(logits, { axis: -1 }) // [batch, length, vocabulary]
 */
export function logSoftmax(x: Tensor, options: { readonly axis?: number } = {}): Tensor {
  const axis = normalizeAxis('logSoftmax', options.axis ?? -1, x.rank)
  return x.device.applySingle(logSoftmaxOp, [x], { axis })
}
