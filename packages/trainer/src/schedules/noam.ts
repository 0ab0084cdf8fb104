import { checkFromZero, checkWholeNumber } from '../check-settings.ts'
import type { Schedule } from './schedule.ts'

/**
 * Rises linearly for `warmup` steps, and then falls with the square root of the step; wider models learn more slowly.
 * The highest rate is `factor / sqrt(width * warmup)`.
 *
 * Source: Vaswani et al. 2017, "Attention is all you need", section 5.3; steps count from 1 in the formula.
 *
 * @example
 * const schedule = schedules.noam({ width: 512, warmup: 4000 })
 * schedule(3999) // 0.0006988
 */
export function noam(options: {
  /** Of the model: d_model in the paper. */
  readonly width: number
  /** In steps. */
  readonly warmup: number
  /** 1 unless said. */
  readonly factor?: number
}): Schedule {
  const { width, warmup, factor = 1 } = options
  checkWholeNumber('noam', 'width', width, 1)
  checkWholeNumber('noam', 'warmup', warmup, 1)
  checkFromZero('noam', 'factor', factor)
  return (step) => {
    const count = step + 1
    return factor * width ** -0.5 * Math.min(count ** -0.5, count * warmup ** -1.5)
  }
}
