import type { Tensor } from '../tensor.ts'
import { div } from './div.ts'
import { greater } from './less.ts'
import { log } from './log.ts'
import { checkTargets, type LossReduction, reduceLosses } from './loss-reduction.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum.ts'
import { where } from './where.ts'

/**
 * The Kullback-Leibler divergence, in nats, of distributions given as logarithms from target distributions given as
 * probabilities: the sum of `target (log target - logProbability)`, where a target of 0 adds nothing.
 *
 * `batchMean` (unless said) divides the sum by the length of the first axis, which gives the divergence per example;
 * `mean` divides by the number of elements, as PyTorch's default does. Throws a `ShapeError` when the shapes
 * differ.
 *
 * @example
 * const loss = klDivergence(logSoftmax(studentLogits), softmax(teacherLogits))
 */
export function klDivergence(
  logProbabilities: Tensor,
  targets: Tensor,
  options: { readonly reduction?: LossReduction | 'batchMean' } = {},
): Tensor {
  const { reduction = 'batchMean' } = options
  checkTargets('klDivergence', logProbabilities, targets)
  return logProbabilities.device.scoped(() => {
    const positive = greater(targets, 0)
    // The logarithms of zeros are left out before they are multiplied: gradients would turn them into NaN.
    const logTargets = log(where(positive, targets, 1))
    const terms = mul(targets, where(positive, sub(logTargets, logProbabilities), 0))
    if (reduction !== 'batchMean') return reduceLosses(terms, reduction)
    return div(sum(terms), logProbabilities.shape[0] ?? 1)
  })
}
