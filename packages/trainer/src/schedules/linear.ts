import type { Schedule } from './schedule.ts'
import { type DecayOptions, warmUpThenDecay } from './warm-up.ts'

/**
 * Rises linearly from 0 in `warmup` steps, and then falls linearly until step `steps`.
 *
 * Source: Devlin et al. 2019, "BERT", appendix A.2.
 *
 * @example
 * const schedule = schedules.linear({ learningRate: 5e-5, warmup: 100, steps: 10_000 })
 */
export function linear(options: DecayOptions): Schedule {
  return warmUpThenDecay('linear', options, (progress) => 1 - progress)
}
