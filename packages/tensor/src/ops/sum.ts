import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import {
  forEachReduced,
  reducedShape,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  dropAxes,
} from './reduction.ts'

export const sumOp: PrimitiveOp<ReductionAttrs> = {
  name: 'qkv/sum',
  kind: 'primitive',
  infer([x], { axes }) {
    checkDType('sum', 'x', x!, numericDTypes)
    return [{ shape: reducedShape(x!.shape, axes), dtype: x!.dtype }]
  },
  reference({ inputs: [x], outputs: [out], attrs: { axes } }) {
    // Doubles keep long float32 sums exact to the last bit of the result.
    const totals = new Float64Array(out!.data.length)
    forEachReduced(x!, axes, (from, to) => {
      totals[to]! += x!.data[from]!
    })
    out!.data.set(totals)
  },
  vjp: ({ inputs: [x], gradient }) => [broadcastTo(gradient, x!.shape)],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [0, 1] } },
    { inputs: [{ shape: [0, 3] }], attrs: { axes: [0] } },
    { inputs: [{ shape: [3], dtype: 'int32', range: [-5, 6] }], attrs: { axes: [0] } },
  ],
}

/**
 * The sum over some axes, or over all of them.
 *
 * @example
 * const perRow = sum(x, { axis: -1 }) // [rows] from [rows, columns]
 */
export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reductionAxes('sum', x.rank, options)
  if (axes.length === 0) return x
  const reduced = x.device.applySingle(sumOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
