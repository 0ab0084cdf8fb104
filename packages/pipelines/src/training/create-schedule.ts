import { type Schedule, schedules } from '@qkv/trainer'
import type { TrainerSettings } from './settings.ts'

/**
 * The learning rate schedule that a config describes, for a training of `steps` steps and a model of some width.
 *
 * @example
 * const schedule = createSchedule(config.trainer, { steps: 1000, width: 256 })
 */
export function createSchedule(
  { schedule, learningRate, warmup }: Pick<TrainerSettings, 'schedule' | 'learningRate' | 'warmup'>,
  { steps, width }: { readonly steps: number; readonly width: number },
): Schedule {
  // The schedules that fall need a step to fall in; those that rise first need one to rise in.
  const rise = Math.max(1, warmup)
  const within = Math.min(warmup, steps - 1)
  if (schedule === 'noam' || learningRate === 'by-formula') {
    // The highest rate of the formula is factor / sqrt(width * warmup).
    const factor = learningRate === 'by-formula' ? 1 : learningRate * Math.sqrt(width * rise)
    return schedules.noam({ width, warmup: rise, factor })
  }
  switch (schedule) {
    case 'inverse-square-root':
      return schedules.inverseSquareRoot({ learningRate, warmup: rise })
    case 'cosine':
      return schedules.cosine({ learningRate, warmup: within, steps })
    case 'linear':
      return schedules.linear({ learningRate, warmup: within, steps })
    case 'constant':
      return schedules.constant({ learningRate })
  }
}
