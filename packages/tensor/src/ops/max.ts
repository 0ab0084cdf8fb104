import { ShapeError } from '../errors/shape-error.ts'
import type { PrimitiveOp } from '../op.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { cast } from './cast.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { mul } from './mul.ts'
import {
  forEachReduced,
  reducedShape,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  dropAxes,
} from './reduction.ts'
import { sum } from './sum.ts'

export const maxOp: PrimitiveOp<ReductionAttrs> = {
  name: 'qkv/max',
  kind: 'primitive',
  infer([x], { axes }) {
    checkDType('max', 'x', x!, numericDTypes)
    if (axes.some((axis) => x!.shape[axis] === 0)) {
      throw new ShapeError({
        operation: 'max',
        argument: 'x',
        got: `has shape ${formatShape(x!.shape)}, empty along a reduced axis`,
        expected: 'at least one element to take the maximum of',
        fix: 'Leave empty tensors out.',
      })
    }
    return [{ shape: reducedShape(x!.shape, axes), dtype: x!.dtype }]
  },
  reference({ inputs: [x], outputs: [out], attrs: { axes } }) {
    out!.data.fill(x!.dtype === 'int32' ? -(2 ** 31) : -Infinity)
    forEachReduced(x!, axes, (from, to) => {
      const value = x!.data[from]!
      // The negated comparison lets NaN win, and stay.
      if (!(value <= out!.data[to]!) && !Number.isNaN(out!.data[to])) out!.data[to] = value
    })
  },
  vjp({ inputs: [x], outputs: [y], gradient, attrs: { axes } }) {
    const ties = cast(equal(x!, broadcastTo(y!, x!.shape)), 'float32')
    return [mul(ties, div(gradient, sum(ties, { axis: axes, keepAxes: true })))]
  },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [5], dtype: 'int32', range: [-5, 6] }], attrs: { axes: [0] } },
  ],
}

/**
 * The largest element over some axes, or over all. Equal maxima share the gradient evenly.
 *
 * @example
 * const peak = max(scores, { axis: -1, keepAxes: true })
 */
export function max(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reductionAxes('max', x.rank, options)
  if (axes.length === 0) return x
  const reduced = x.device.applySingle(maxOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
