import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { max, maxOp } from './max.ts'
import { type ReductionAttrs, reductionAxes, type ReductionOptions, dropAxes } from './reduction.ts'
import { reverseOrder } from './reverse-order.ts'

export const minOp: CompositeOp<ReductionAttrs> = {
  name: 'qkv/min',
  kind: 'composite',
  infer: maxOp.infer,
  decompose: ([x], { axes }) => [reverseOrder(max(reverseOrder(x!), { axis: axes, keepAxes: true }))],
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [3], dtype: 'int32', values: [-(2 ** 31), 5, 2 ** 31 - 1] }], attrs: { axes: [0] } },
  ],
}

/**
 * The smallest element over some axes, or over all. Equal minima share the gradient evenly.
 *
 * @example
 * const nearest = min(distances, { axis: -1 })
 */
export function min(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reductionAxes('min', x.rank, options)
  if (axes.length === 0) return x
  const reduced = x.device.applySingle(minOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
