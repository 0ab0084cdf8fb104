import { checkFromZero, checkWholeNumber } from '../check-settings.ts'
import type { Schedule } from './schedule.ts'

/**
 * Rises linearly to `learningRate` in `warmup` steps, and then falls with the square root of the step, without end.
 *
 * Source: Ott et al. 2019, "fairseq", `inverse_sqrt`; steps count from 1 in the formula.
 *
 * @example
 * const schedule = schedules.inverseSquareRoot({ learningRate: 5e-4, warmup: 4000 })
 */
export function inverseSquareRoot(options: {
  /** The highest rate, reached after the warm-up. */
  readonly learningRate: number
  /** In steps. */
  readonly warmup: number
}): Schedule {
  const { learningRate, warmup } = options
  checkFromZero('inverseSquareRoot', 'learningRate', learningRate)
  checkWholeNumber('inverseSquareRoot', 'warmup', warmup, 1)
  return (step) => {
    const count = step + 1
    return count < warmup ? (learningRate * count) / warmup : learningRate * Math.sqrt(warmup / count)
  }
}
