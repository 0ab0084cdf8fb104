import { ArgumentError } from '@qkv/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { schedules } from '../index.ts'

const settings = fc
  .record({
    warmup: fc.nat(50),
    fall: fc.integer({ min: 1, max: 100 }),
    learningRate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  })
  .map(({ warmup, fall, learningRate }) => ({ warmup, steps: warmup + fall, learningRate }))

test('constant never changes', () => {
  const schedule = schedules.constant({ learningRate: 0.3 })
  expect([0, 1, 1e6].map(schedule)).toEqual([0.3, 0.3, 0.3])
})

describe('noam', () => {
  test('the paper: base model, 4000 steps of warm-up', () => {
    const schedule = schedules.noam({ width: 512, warmup: 4000 })
    expect(schedule(0)).toBeCloseTo(1 / (Math.sqrt(512) * 4000 * Math.sqrt(4000)), 15)
    expect(schedule(3999)).toBeCloseTo(1 / Math.sqrt(512 * 4000), 15)
    expect(schedule(15999)).toBeCloseTo(schedule(3999) / 2, 15)
  })

  test('the factor scales it', () => {
    const options = { width: 64, warmup: 10 }
    expect(schedules.noam({ ...options, factor: 3 })(20)).toBeCloseTo(3 * schedules.noam(options)(20), 12)
  })
})

describe('cosine and linear', () => {
  test('values by hand', () => {
    const options = { learningRate: 8, warmup: 2, steps: 10, minimum: 2 }
    const steps = [0, 1, 2, 4, 6, 8, 10, 11]
    expect(steps.map(schedules.linear(options))).toEqual([0, 4, 8, 6.5, 5, 3.5, 2, 2])
    const quarter = 3 * Math.SQRT1_2
    const expected = [0, 4, 8, 5 + quarter, 5, 5 - quarter, 2, 2]
    steps
      .map(schedules.cosine(options))
      .forEach((rate, index) => expect(rate).toBeCloseTo(expected[index]!, 12))
  })

  test.each([
    ['cosine', schedules.cosine],
    ['linear', schedules.linear],
  ])('%s rises, is highest after the warm-up, and falls to 0', (_name, make) => {
    fc.assert(
      fc.property(settings, (options) => {
        const schedule = make(options)
        const rates = Array.from({ length: options.steps + 3 }, (_, step) => schedule(step))
        expect(rates[options.warmup]).toBe(options.learningRate)
        for (let step = 1; step <= options.steps; step++) {
          const rises = rates[step]! > rates[step - 1]!
          expect(rises).toBe(step <= options.warmup)
        }
        expect(rates.slice(options.steps)).toEqual([0, 0, 0])
      }),
    )
  })
})

test('inverseSquareRoot meets its peak at the end of the warm-up, and halves in four times the steps', () => {
  const schedule = schedules.inverseSquareRoot({ learningRate: 0.6, warmup: 100 })
  expect(schedule(0)).toBeCloseTo(0.006, 12)
  expect(schedule(49)).toBeCloseTo(0.3, 12)
  expect(schedule(99)).toBeCloseTo(0.6, 12)
  expect(schedule(399)).toBeCloseTo(0.3, 12)
})

test.each([
  [() => schedules.constant({ learningRate: Number.NaN }), "constant: 'learningRate' is NaN"],
  [() => schedules.noam({ width: 0, warmup: 1 }), "noam: 'width' is 0"],
  [() => schedules.noam({ width: 8, warmup: 0 }), "noam: 'warmup' is 0"],
  [() => schedules.cosine({ learningRate: 1, warmup: 10, steps: 10 }), "cosine: 'steps' is 10"],
  [() => schedules.linear({ learningRate: -1, steps: 10 }), "linear: 'learningRate' is -1"],
  [() => schedules.inverseSquareRoot({ learningRate: 1, warmup: 0.5 }), "inverseSquareRoot: 'warmup' is 0.5"],
])('a bad setting is an error %#', (make, message) => {
  expect(make).toThrow(ArgumentError)
  expect(make).toThrow(message)
})
