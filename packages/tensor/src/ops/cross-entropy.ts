import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, normalizeAxis, sameShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { cast } from './cast.ts'
import { checkDType } from './check-dtype.ts'
import { crossEntropyOp } from './cross-entropy-op.ts'
import { lookUpTargets } from './cross-entropy-targets.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { full } from './full.ts'
import { logSoftmax } from './log-softmax.ts'
import type { LossReduction } from './loss-reduction.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { notEqual } from './not-equal.ts'
import { reshape } from './reshape.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'
import { where } from './where.ts'

export interface CrossEntropyOptions {
  /** `mean` unless said: over the targets that are not ignored, weighted by their class weights. */
  readonly reduction?: LossReduction
  /** The share of each target that is spread evenly over all classes, the target included; 0 unless said. */
  readonly labelSmoothing?: number
  /** A target that does not count; none unless said (PyTorch: -100). */
  readonly ignoreIndex?: number | null
  /** How much each class counts, `[classes]`; all alike unless said. */
  readonly classWeights?: Tensor | undefined
  /** The axis of the logits that holds the classes; the last one unless said (PyTorch: 1). */
  readonly classAxis?: number
}

/**
 * The negative log-likelihood, in nats, of int32 targets under the softmax of the logits: logits `[..., classes]`,
 * targets `[...]`. A mean over ignored targets only is `NaN`, as in PyTorch.
 *
 * Throws a `ShapeError` when the shapes do not fit. A target outside the classes is an `ArgumentError` on backends
 * that check indices, as the reference does; elsewhere its row is undefined.
 *
 * @example
 * const loss = crossEntropy(logits, targets, { ignoreIndex: paddingId, labelSmoothing: 0.1 })
 */
export function crossEntropy(logits: Tensor, targets: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { reduction = 'mean', ignoreIndex = null, classWeights } = options
  checkDType('crossEntropy', 'logits', logits.spec, ['float32'])
  checkDType('crossEntropy', 'targets', targets.spec, ['int32'])
  return logits.device.scoped(() => {
    const table = toRows(logits, targets, options.classAxis ?? -1)
    const rows = reshape(targets, [targets.size])
    const counts = classWeights
      ? targetWeights(rows, classWeights, table.shape[1]!, ignoreIndex)
      : countedRows(rows, ignoreIndex)
    const losses = classWeights
      ? weightedLosses(table, rows, counts, classWeights, options)
      : rowLosses(table, rows, options.labelSmoothing ?? 0, ignoreIndex)
    if (reduction === 'none') return reshape(losses, targets.shape)
    return reduction === 'sum' ? sum(losses) : div(sum(losses), sum(counts))
  })
}

function toRows(logits: Tensor, targets: Tensor, classAxis: number): Tensor {
  const axis = normalizeAxis('crossEntropy', classAxis, logits.rank)
  const order = Array.from({ length: logits.rank }, (_, index) => index).toSpliced(axis, 1)
  const shape = order.map((index) => logits.shape[index]!)
  if (!sameShape(shape, targets.shape)) {
    throw new ShapeError({
      operation: 'crossEntropy',
      argument: 'targets',
      got: `has shape ${formatShape(targets.shape)}`,
      expected: `${formatShape(shape)}, the shape of 'logits' ${formatShape(logits.shape)} without class axis ${axis}`,
      fix: 'Targets are class numbers, one for each vector of logits; set `classAxis` if the classes are not last.',
    })
  }
  const last = axis === logits.rank - 1 ? logits : transpose(logits, { order: [...order, axis] })
  return reshape(last, [targets.size, logits.shape[axis]!])
}

function rowLosses(
  logits: Tensor,
  targets: Tensor,
  labelSmoothing: number,
  ignoreIndex: number | null,
): Tensor {
  return logits.device.applySingle(crossEntropyOp, [logits, targets], { labelSmoothing, ignoreIndex })
}

/** 1 for each row, 0 where it is ignored. */
function countedRows(targets: Tensor, ignoreIndex: number | null): Tensor {
  if (ignoreIndex === null) return full(targets.device, targets.shape, 1)
  return cast(notEqual(targets, ignoreIndex), 'float32')
}

function targetWeights(
  targets: Tensor,
  classWeights: Tensor,
  classes: number,
  ignoreIndex: number | null,
): Tensor {
  if (!sameShape(classWeights.shape, [classes])) {
    throw new ShapeError({
      operation: 'crossEntropy',
      argument: 'classWeights',
      got: `has shape ${formatShape(classWeights.shape)}`,
      expected: `[${classes}], one weight per class`,
      fix: 'Give a weight for every class, 1 for those that count normally.',
    })
  }
  const weights = lookUpTargets(classWeights, targets, ignoreIndex)
  return ignoreIndex === null ? weights : where(equal(targets, ignoreIndex), 0, weights)
}

/** Each class counts with its weight: the target in its own share, every class in the share that is spread. */
function weightedLosses(
  logits: Tensor,
  targets: Tensor,
  weights: Tensor,
  classWeights: Tensor,
  { labelSmoothing = 0, ignoreIndex = null }: CrossEntropyOptions,
): Tensor {
  const ofTargets = mul(rowLosses(logits, targets, 0, ignoreIndex), weights)
  if (labelSmoothing === 0) return ofTargets
  const all = neg(sum(mul(logSoftmax(logits), classWeights), { axis: 1 }))
  const counted = ignoreIndex === null ? all : where(equal(targets, ignoreIndex), 0, all)
  return add(mul(ofTargets, 1 - labelSmoothing), mul(counted, labelSmoothing / classWeights.size))
}
