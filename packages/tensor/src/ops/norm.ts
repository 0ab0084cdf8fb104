import { ArgumentError } from '../errors/argument-error.ts'
import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { checkDType } from './check-dtype.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { max } from './max.ts'
import { mul } from './mul.ts'
import { pow } from './pow.ts'
import {
  reducedShape,
  type ReductionAttrs,
  reductionAxes,
  type ReductionOptions,
  dropAxes,
} from './reduction.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/** The Euclidean norm. */
export const normOp: CompositeOp<ReductionAttrs> = {
  name: 'qkv/norm',
  kind: 'composite',
  infer([x], { axes }) {
    checkDType('norm', 'x', x!, ['float32'])
    return [{ shape: reducedShape(x!.shape, axes), dtype: 'float32' }]
  },
  decompose: ([x], { axes }) => [sqrt(sum(square(x!), { axis: axes, keepAxes: true }))],
  // At length 0 there is no direction: the gradient is 0, as in PyTorch.
  vjp: ({ inputs: [x], outputs: [y], gradient }) => [mul(x!, div(gradient, where(equal(y!, 0), 1, y!)))],
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 2] }], attrs: { axes: [0, 2] } },
    { inputs: [{ shape: [0, 3] }], attrs: { axes: [0] } },
  ],
}

/**
 * The length of vectors over some axes, or of all elements: the `order`-norm, Euclidean (2) unless said; `Infinity` is the
 * largest absolute value. Throws an `ArgumentError` for an order that is not positive.
 *
 * @example
 * const unit = div(x, norm(x, { axis: -1, keepAxes: true }))
 */
export function norm(x: Tensor, options: ReductionOptions & { readonly order?: number } = {}): Tensor {
  const { order = 2, ...reduction } = options
  if (!(order > 0)) {
    throw new ArgumentError({
      operation: 'norm',
      argument: 'order',
      got: `is ${order}`,
      expected: 'a positive number or Infinity',
      fix: 'Use 2 for the Euclidean norm.',
    })
  }
  if (order === Infinity) return max(abs(x), reduction)
  if (order === 1) return sum(abs(x), reduction)
  if (order !== 2) return pow(sum(pow(abs(x), order), reduction), 1 / order)
  const axes = reductionAxes('norm', x.rank, options)
  const reduced = x.device.applySingle(normOp, [x], { axes })
  return dropAxes(reduced, axes, options)
}
