import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { exp } from './exp.ts'
import { log } from './log.ts'
import { max } from './max.ts'
import { mul } from './mul.ts'
import {
  reducedShape,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  dropAxes,
} from './reduction.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

export const logSumExpOp: CompositeOp<ReductionAttrs> = {
  name: 'qkv/logSumExp',
  kind: 'composite',
  infer([x], { axes }) {
    checkDType('logSumExp', 'x', x!, ['float32'])
    if (axes.some((axis) => x!.shape[axis] === 0)) {
      throw new ShapeError({
        operation: 'logSumExp',
        argument: 'x',
        got: `has shape ${formatShape(x!.shape)}, empty along a reduced axis`,
        expected: 'at least one element',
        fix: 'Leave empty tensors out.',
      })
    }
    return [{ shape: reducedShape(x!.shape, axes), dtype: 'float32' }]
  },
  decompose([x], { axes }) {
    const { peak, total } = shiftedExponentials(x!, axes)
    return [add(peak, log(total))]
  },
  // From the shifted exponentials again: the result itself is too coarse when it is large.
  vjp({ inputs: [x], gradient, attrs: { axes } }) {
    const { exponentials, total } = shiftedExponentials(x!, axes)
    return [mul(exponentials, div(gradient, where(equal(total, 0), 1, total)))]
  },
  saves: { outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3], range: [-4, 4] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 2] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [2, 2], values: [1000, 1001, -1000, -999] }], attrs: { axes: [1] } },
  ],
}

function shiftedExponentials(
  x: Tensor,
  axes: readonly number[],
): { readonly peak: Tensor; readonly exponentials: Tensor; readonly total: Tensor } {
  const highest = stopGradient(max(x, { axis: axes, keepAxes: true }))
  // Keeps Infinity - Infinity, a NaN, out of rows that have nothing but -Infinity.
  const peak = where(equal(abs(highest), Infinity), 0, highest)
  const exponentials = exp(sub(x, peak))
  return { peak, exponentials, total: sum(exponentials, { axis: axes, keepAxes: true }) }
}

/**
 * The logarithm of the sum of exponentials over some axes, or over all, without overflow; -Infinity where all elements are.
 *
 * @example
 * const normalizer = logSumExp(logits, { axis: -1, keepAxes: true })
 */
export function logSumExp(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reductionAxes('logSumExp', x.rank, options)
  if (axes.length === 0) return x
  const reduced = x.device.applySingle(logSumExpOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
