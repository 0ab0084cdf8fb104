import type { Schedule } from './schedule.ts'
import { type DecayOptions, warmUpThenDecay } from './warm-up.ts'

/**
 * Rises linearly from 0 in `warmup` steps, and then falls along half a cosine until step `steps`.
 *
 * Source: Loshchilov and Hutter 2017, "SGDR: Stochastic gradient descent with warm restarts", equation 5, one cycle.
 *
 * @example
 * const schedule = schedules.cosine({ learningRate: 3e-4, warmup: 100, steps: 10_000 })
 */
export function cosine(options: DecayOptions): Schedule {
  return warmUpThenDecay('cosine', options, (progress) => (1 + Math.cos(Math.PI * progress)) / 2)
}
