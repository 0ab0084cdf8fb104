import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import {
  reducedShape,
  reducedSize,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  dropAxes,
} from './reduction.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'

interface VarianceAttrs extends ReductionAttrs {
  readonly correction: number
}

export const varianceOp: CompositeOp<VarianceAttrs> = {
  name: 'qkv/variance',
  kind: 'composite',
  infer([x], { axes }) {
    checkDType('variance', 'x', x!, ['float32'])
    return [{ shape: reducedShape(x!.shape, axes), dtype: 'float32' }]
  },
  // In two passes: the mean of squares minus the square of the mean cancels.
  decompose([x], attrs) {
    const { axes } = attrs
    const squares = sum(square(centered(x!, axes)), { axis: axes, keepAxes: true })
    return [div(squares, degreesOfFreedom(x!, attrs))]
  },
  vjp({ inputs: [x], gradient, attrs }) {
    return [mul(mul(gradient, 2 / degreesOfFreedom(x!, attrs)), centered(x!, attrs.axes))]
  },
  saves: { outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1], correction: 1 } },
    { inputs: [{ shape: [2, 3, 4] }], attrs: { axes: [0, 2], correction: 0 } },
    {
      inputs: [{ shape: [4], values: [10_000, 10_001, 10_003, 10_002] }],
      attrs: { axes: [0], correction: 1 },
    },
  ],
}

function centered(x: Tensor, axes: readonly number[]): Tensor {
  return sub(x, mean(x, { axis: axes, keepAxes: true }))
}

function degreesOfFreedom(x: Tensor, { axes, correction }: VarianceAttrs): number {
  return Math.max(0, reducedSize(x.shape, axes) - correction)
}

/** Which elements a variance is over, and of what. */
export interface VarianceOptions extends ReductionOptions {
  /** What is taken off the number of elements before dividing: 1 for a sample, as unless said, 0 for all there is. */
  readonly correction?: number
}

/**
 * The variance over some axes, or over all; NaN over fewer elements than `correction` leaves.
 *
 * @example
 * const spread = variance(x, { axis: -1, correction: 0, keepAxes: true })
 */
export function variance(x: Tensor, options: VarianceOptions = {}): Tensor {
  const axes = reductionAxes('variance', x.rank, options)
  const reduced = x.device.applySingle(varianceOp, [x], { axes, correction: options.correction ?? 1 })
  return dropAxes(reduced, axes, options)
}
