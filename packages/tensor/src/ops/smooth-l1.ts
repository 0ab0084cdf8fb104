import { ArgumentError } from '../errors/argument-error.ts'
import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { less } from './less.ts'
import { checkTargets, type LossOptions, reduceLosses } from './loss-reduction.ts'
import { mul } from './mul.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/**
 * Half the squared difference over `beta` where the difference is below `beta`, else the difference less half of `beta`;
 * averaged unless `reduction` says otherwise. Throws an `ArgumentError` unless `beta` is positive, a
 * `ShapeError` when the shapes differ.
 *
 * Source: Girshick 2015, "Fast R-CNN", equation 3, where `beta` is 1.
 *
 * @example
 * const loss = smoothL1(predictions, targets, { beta: 0.5 })
 */
export function smoothL1(
  predictions: Tensor,
  targets: Tensor,
  options: LossOptions & {
    /** 1 unless said. */
    readonly beta?: number
  } = {},
): Tensor {
  const { beta = 1, reduction } = options
  if (!(beta > 0)) {
    throw new ArgumentError({
      operation: 'smoothL1',
      argument: 'beta',
      got: `is ${beta}`,
      expected: 'a positive number',
      fix: 'Use `meanAbsoluteError`, which is the limit for a beta of 0.',
    })
  }
  checkTargets('smoothL1', predictions, targets)
  return predictions.device.scoped(() => {
    const difference = abs(sub(predictions, targets))
    const quadratic = mul(square(difference), 0.5 / beta)
    return reduceLosses(where(less(difference, beta), quadratic, sub(difference, beta / 2)), reduction)
  })
}
