import type { Tensor } from '../tensor.ts'
import { checkTargets, type LossOptions, reduceLosses } from './loss-reduction.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

/**
 * The squares of the differences between predictions and targets, averaged unless `reduction` says otherwise. Throws
 * a `ShapeError` when the shapes differ.
 *
 * @example
 * const loss = meanSquaredError(predictions, targets)
 */
export function meanSquaredError(predictions: Tensor, targets: Tensor, options: LossOptions = {}): Tensor {
  checkTargets('meanSquaredError', predictions, targets)
  return predictions.device.scoped(() => reduceLosses(square(sub(predictions, targets)), options.reduction))
}
