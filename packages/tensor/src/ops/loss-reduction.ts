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
