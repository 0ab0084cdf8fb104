import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { checkTargets, type LossOptions, reduceLosses } from './loss-reduction.ts'
import { sub } from './sub.ts'

/**
 * The absolute differences between predictions and targets, averaged unless `reduction` says otherwise. Throws
 * a `ShapeError` when the shapes differ.
 *
 * @example
 * const loss = meanAbsoluteError(predictions, targets)
 */
export function meanAbsoluteError(predictions: Tensor, targets: Tensor, options: LossOptions = {}): Tensor {
  checkTargets('meanAbsoluteError', predictions, targets)
  return predictions.device.scoped(() => reduceLosses(abs(sub(predictions, targets)), options.reduction))
}
