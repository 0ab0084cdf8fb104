import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { add } from './add.ts'
import { logSoftmax } from './log-softmax.ts'
import { checkTargets, type LossOptions, reduceLosses } from './loss-reduction.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sum } from './sum.ts'

/**
 * The cross entropy, in nats, of target distributions and the softmax of the logits: both `[..., classes]`. Averaged over
 * all but the class axis unless `reduction` says otherwise. Throws a `ShapeError` when the shapes differ.
 *
 * @example
 * const loss = softCrossEntropy(studentLogits, softmax(teacherLogits))
 */
export function softCrossEntropy(
  logits: Tensor,
  targets: Tensor,
  options: LossOptions & {
    /** The share of each target that is spread evenly over all classes; 0 unless said. */
    readonly labelSmoothing?: number
    /** The axis of the classes; the last one unless said (PyTorch: 1). */
    readonly classAxis?: number
  } = {},
): Tensor {
  const { reduction, labelSmoothing = 0, classAxis = -1 } = options
  checkDType('softCrossEntropy', 'targets', targets.spec, ['float32'])
  checkTargets('softCrossEntropy', logits, targets)
  return logits.device.scoped(() => {
    const logProbabilities = logSoftmax(logits, { axis: classAxis })
    const classes = logits.shape.at(classAxis)!
    const smoothed =
      labelSmoothing === 0 ? targets : add(mul(targets, 1 - labelSmoothing), labelSmoothing / classes)
    return reduceLosses(neg(sum(mul(smoothed, logProbabilities), { axis: classAxis })), reduction)
  })
}
