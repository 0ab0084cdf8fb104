import { ShapeError } from '../errors/shape-error.ts'
import { formatShape, sameShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { mean } from './mean.ts'
import { sum } from './sum.ts'

/** What is done with the losses of the elements: averaged, added, or left as they are. */
export type LossReduction = 'mean' | 'sum' | 'none'

/** What the element-wise losses take. */
export interface LossOptions {
  /** `mean` unless said. */
  readonly reduction?: LossReduction
}

export function reduceLosses(losses: Tensor, reduction: LossReduction = 'mean'): Tensor {
  if (reduction === 'none') return losses
  return reduction === 'sum' ? sum(losses) : mean(losses)
}

/** Throws a `ShapeError` unless the shapes are equal: a loss of [n, 1] and [n] would be over all pairs. */
export function checkTargets(operation: string, predictions: Tensor, targets: Tensor): void {
  if (sameShape(predictions.shape, targets.shape)) return
  throw new ShapeError({
    operation,
    argument: 'targets',
    got: `has shape ${formatShape(targets.shape)}`,
    expected: `${formatShape(predictions.shape)}, one target per prediction`,
    fix: 'Use `reshape`, or `broadcastTo` where one target is meant for many predictions.',
  })
}
