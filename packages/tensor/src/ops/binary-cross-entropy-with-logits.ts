import type { Tensor } from '../tensor.ts'
import { checkTargets, type LossOptions, reduceLosses } from './loss-reduction.ts'
import { mul } from './mul.ts'
import { softplus } from './softplus.ts'
import { sub } from './sub.ts'

/**
 * The negative log-likelihood, in nats, of targets from 0 to 1 under the sigmoid of the logits, element by element;
 * averaged unless `reduction` says otherwise. Exact for logits of any size. Throws a `ShapeError` when the
 * shapes differ.
 *
 * @example
 * const loss = binaryCrossEntropyWithLogits(logits, labels) // both [batch, labels]
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  targets: Tensor,
  options: LossOptions = {},
): Tensor {
  checkTargets('binaryCrossEntropyWithLogits', logits, targets)
  return logits.device.scoped(() =>
    reduceLosses(sub(softplus(logits), mul(logits, targets)), options.reduction),
  )
}
