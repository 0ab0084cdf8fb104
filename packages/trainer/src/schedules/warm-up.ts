import { checkFromZero, checkWholeNumber } from '../check-settings.ts'
import type { Schedule } from './schedule.ts'

/** What schedules take that rise from 0, and then fall until a last step. */
export interface DecayOptions {
  /** The highest rate, reached after the warm-up. */
  readonly learningRate: number
  /** Steps of the linear rise from 0; 0 unless said. */
  readonly warmup?: number
  /** The step at which the fall ends, warm-up included; the rate stays there afterwards. */
  readonly steps: number
  /** The rate at the end; 0 unless said. */
  readonly minimum?: number
}

/** Rises linearly from 0, and then follows `shape`, which falls from 1 to 0 as its argument goes from 0 to 1. */
export function warmUpThenDecay(
  operation: string,
  options: DecayOptions,
  shape: (progress: number) => number,
): Schedule {
  const { learningRate, warmup = 0, steps, minimum = 0 } = options
  checkFromZero(operation, 'learningRate', learningRate)
  checkFromZero(operation, 'minimum', minimum)
  checkWholeNumber(operation, 'warmup', warmup, 0)
  checkWholeNumber(operation, 'steps', steps, warmup + 1)
  return (step) => {
    if (step < warmup) return (learningRate * step) / warmup
    const progress = Math.min(1, (step - warmup) / (steps - warmup))
    return minimum + (learningRate - minimum) * shape(progress)
  }
}
