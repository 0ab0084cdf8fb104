import { describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../backend/reference/reference-backend.ts'
import { Device } from '../device.ts'
import type { Tensor } from '../tensor.ts'
import { erf } from './erf.ts'
import { expm1 } from './expm1.ts'
import { geluTanhBackward } from './gelu-tanh-backward.ts'
import { log1p } from './log1p.ts'
import { logSigmoid } from './log-sigmoid.ts'
import { pow } from './pow.ts'
import { round } from './round.ts'
import { siluBackward } from './silu-backward.ts'
import { softplus } from './softplus.ts'

const float32 = new Device(createReferenceBackend())
const float64 = new Device(createReferenceBackend({ precision: 'float64' }))
/** One rounding of a float32 is half of this. */
const unit = 2 ** -23

function relativeErrors(
  compute: (x: Tensor) => Tensor,
  exact: (x: number) => number,
  inputs: readonly number[],
): number[] {
  const points = Float32Array.from(inputs)
  const got = compute(float32.tensor(points)).readSync()
  return Array.from(points, (x, index) => Math.abs(got[index]! / exact(x) - 1))
}

const tiny = [1e-30, 1e-10, -1e-8, 3e-7, 1e-6, -1e-5, 1e-4, 1e-3, -0.01, 0.1]

describe('precision near zero, in float32', () => {
  test('expm1 keeps every digit', () => {
    const errors = relativeErrors(expm1, Math.expm1, [...tiny, -0.49, 0.49, 0.51, 2, -3, 20])
    expect(Math.max(...errors)).toBeLessThan(4 * unit)
  })

  test('log1p keeps every digit', () => {
    const errors = relativeErrors(log1p, Math.log1p, [...tiny, -0.6, 0.5, 0.99, 1.01, 1e5, 1e30])
    expect(Math.max(...errors)).toBeLessThan(4 * unit)
  })

  test('softplus and logSigmoid do not underflow early', () => {
    const exact = (x: number): number => Math.log1p(Math.exp(x))
    const inputs = [-80, -20, -5, -1, 0, 1, 5, 19]
    expect(Math.max(...relativeErrors(softplus, exact, inputs))).toBeLessThan(8 * unit)
    const mirrored = relativeErrors(logSigmoid, (x) => -exact(-x), [-200, ...inputs, 60])
    expect(Math.max(...mirrored)).toBeLessThan(8 * unit)
  })
})

test('log1p and expm1 reach their limits', () => {
  const x = float32.tensor([-1, -2, Infinity, NaN])
  expect([...log1p(x).readSync()]).toEqual([-Infinity, NaN, Infinity, NaN])
  const y = float32.tensor([-Infinity, -1000, 1000, NaN])
  expect([...expm1(y).readSync()]).toEqual([-1, -1, Infinity, NaN])
})

test('erf equals the integral of its definition', () => {
  const points = [-5.9, -3, -1.2, -0.1, 0, 1e-9, 0.5, 1, 2.5, 4, 5.99, 6.01, 40]
  const got = erf(float64.tensor(points)).readSync()
  for (const [index, x] of points.entries()) {
    // Simpson's rule.
    const steps = 4000
    const height = (step: number): number => Math.exp(-(((Math.min(x, 10) * step) / steps) ** 2))
    let total = height(0) + height(steps)
    for (let step = 1; step < steps; step++) total += height(step) * (step % 2 === 1 ? 4 : 2)
    const integral = ((2 / Math.sqrt(Math.PI)) * total * Math.min(x, 10)) / steps / 3
    expect(got[index]).toBeCloseTo(integral, 12)
  }
  expect([...erf(float64.tensor([Infinity, -Infinity, NaN])).readSync()]).toEqual([1, -1, NaN])
})

test('round takes the even one of two neighbours', () => {
  const x = float32.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 0.49, -2.51, 2 ** 23 + 1, Infinity])
  // `+ 0` turns -0 into 0.
  const got = [...round(x).readSync()].map((value) => value + 0)
  expect(got).toEqual([-2, -2, 0, 0, 2, 2, 4, 0, -3, 2 ** 23 + 1, Infinity])
})

test('pow follows the standard where the language does not', () => {
  const base = float32.tensor([1, 1, -1, -1, 0, -8, 2])
  const exponent = float32.tensor([NaN, Infinity, Infinity, -Infinity, 0, 1 / 3, NaN])
  expect([...pow(base, exponent).readSync()]).toEqual([1, 1, 1, 1, 1, NaN, NaN])
})

test('slopes of activations stay finite for any finite input', () => {
  const x = float32.tensor([-3e38, -1e20, -50, 50, 1e20, 3e38])
  const gradient = float32.tensor([1, 1, 1, 1, 1, 1])
  for (const backward of [geluTanhBackward, siluBackward]) {
    expect([...backward(x, gradient).readSync()].map((value) => value + 0)).toEqual([
      0,
      0,
      expect.closeTo(0, 6),
      1,
      1,
      1,
    ])
  }
})
