import { describe, expect, test } from 'vitest'
import { createSchedule } from './create-schedule.ts'
import type { ScheduleName } from './settings.ts'

const training = { steps: 1000, width: 64 }

describe('createSchedule', () => {
  test.each(['noam', 'inverse-square-root', 'cosine', 'linear', 'constant'] satisfies ScheduleName[])(
    '%s has the learning rate of the config as its highest',
    (schedule) => {
      const rate = createSchedule({ schedule, learningRate: 0.002, warmup: 100 }, training)
      const rates = Array.from({ length: 1000 }, (_, step) => rate(step))
      expect(Math.max(...rates)).toBeCloseTo(0.002, 12)
      expect(rates[0]! < 0.0001).toBe(schedule !== 'constant')
    },
  )

  test("noam without a learning rate is the paper's formula", () => {
    const rate = createSchedule(
      { schedule: 'noam', learningRate: 'by-formula', warmup: 4000 },
      { steps: 1e5, width: 512 },
    )
    expect(rate(3999)).toBeCloseTo(512 ** -0.5 * 4000 ** -0.5, 12)
  })

  test.each(['noam', 'inverse-square-root', 'cosine', 'linear'] satisfies ScheduleName[])(
    '%s can do without a warm-up, and with fewer steps than it asks for',
    (schedule) => {
      expect(createSchedule({ schedule, learningRate: 0.1, warmup: 0 }, training)(0)).toBeGreaterThan(0)
      expect(
        createSchedule({ schedule, learningRate: 0.1, warmup: 400 }, { steps: 1, width: 8 })(0),
      ).toBeGreaterThanOrEqual(0)
    },
  )
})
