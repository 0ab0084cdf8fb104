import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import {
  reducedShape,
  reducedSize,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  dropAxes,
} from './reduction.ts'
import { sum } from './sum.ts'

export const meanOp: CompositeOp<ReductionAttrs> = {
  name: 'qkv/mean',
  kind: 'composite',
  infer([x], { axes }) {
    checkDType('mean', 'x', x!, ['float32'])
    return [{ shape: reducedShape(x!.shape, axes), dtype: 'float32' }]
  },
  decompose([x], { axes }) {
    return [div(sum(x!, { axis: axes, keepAxes: true }), reducedSize(x!.shape, axes))]
  },
  vjp: ({ inputs: [x], gradient, attrs: { axes } }) => [
    broadcastTo(div(gradient, reducedSize(x!.shape, axes)), x!.shape),
  ],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [0, 3] }], attrs: { axes: [1] } },
  ],
}

/**
 * The mean over some axes, or over all of them; NaN over nothing.
 *
 * @example
 * const loss = mean(square(sub(predicted, target)))
 */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reductionAxes('mean', x.rank, options)
  if (axes.length === 0) return x
  const reduced = x.device.applySingle(meanOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
