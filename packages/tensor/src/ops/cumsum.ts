import type { PrimitiveOp } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { forEachLine, walkAxis } from './axis-walk.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'

interface CumsumAttrs {
  readonly axis: number
  readonly reverse: boolean
}

export const cumsumOp: PrimitiveOp<CumsumAttrs> = {
  name: 'qkv/cumsum',
  kind: 'primitive',
  infer([x]) {
    checkDType('cumsum', 'x', x!, numericDTypes)
    return [x!]
  },
  reference({ inputs: [x], outputs: [out], attrs: { axis, reverse } }) {
    const walk = walkAxis(x!.shape, axis)
    forEachLine(walk, (first) => {
      let total = 0
      for (let step = 0; step < walk.length; step++) {
        const index = first + (reverse ? walk.length - 1 - step : step) * walk.inner
        total += x!.data[index]!
        out!.data[index] = total
      }
    })
  },
  vjp: ({ gradient, attrs: { axis, reverse } }) => [cumsum(gradient, { axis, reverse: !reverse })],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [3, 5] }], attrs: { axis: 1, reverse: false } },
    { inputs: [{ shape: [4, 3] }], attrs: { axis: 0, reverse: true } },
    { inputs: [{ shape: [2, 0] }], attrs: { axis: 1, reverse: false } },
    { inputs: [{ shape: [5], dtype: 'int32', range: [-5, 6] }], attrs: { axis: 0, reverse: false } },
  ],
}

/**
 * Running totals along an axis, the last one unless said; `reverse` counts from the end.
 *
 * @example
 * const mass = cumsum(probabilities, { axis: -1 }) // for top-p sampling
 */
export function cumsum(
  x: Tensor,
  options: { readonly axis?: number; readonly reverse?: boolean } = {},
): Tensor {
  const axis = normalizeAxis('cumsum', options.axis ?? -1, x.rank)
  return x.device.applySingle(cumsumOp, [x], { axis, reverse: options.reverse ?? false })
}
