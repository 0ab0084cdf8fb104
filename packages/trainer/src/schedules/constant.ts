import { checkFromZero } from '../check-settings.ts'
import type { Schedule } from './schedule.ts'

/**
 * The same learning rate in every step.
 *
 * @example
 * const schedule = schedules.constant({ learningRate: 1e-3 })
 */
export function constant(options: { readonly learningRate: number }): Schedule {
  const { learningRate } = options
  checkFromZero('constant', 'learningRate', learningRate)
  return () => learningRate
}
