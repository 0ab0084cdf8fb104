import type { CompositeOp } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { max } from './max.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

export const softmaxOp: CompositeOp<{ readonly axis: number }> = {
  name: 'qkv/softmax',
  kind: 'composite',
  infer([x]) {
    checkDType('softmax', 'x', x!, ['float32'])
    return [x!]
  },
  decompose([x], { axis }) {
    const exponentials = exp(sub(x!, max(x!, { axis, keepAxes: true })))
    return [div(exponentials, sum(exponentials, { axis, keepAxes: true }))]
  },
  vjp({ outputs: [y], gradient, attrs: { axis } }) {
    const weighted = mul(gradient, y!)
    return [sub(weighted, mul(y!, sum(weighted, { axis, keepAxes: true })))]
  },
  saves: { inputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [2, 3, 2], range: [-4, 4] }], attrs: { axis: 0 } },
  ],
}

/**
 * Exponentials that sum to 1 along an axis, the last one unless said; stable for any finite input.
 *
 * @example
 * const weights = softmax(scores, { axis: -1 }) // [batch, heads, query, key]
 */
export function softmax(x: Tensor, options: { readonly axis?: number } = {}): Tensor {
  const axis = normalizeAxis('softmax', options.axis ?? -1, x.rank)
  return x.device.applySingle(softmaxOp, [x], { axis })
}
