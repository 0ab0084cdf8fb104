import { expect, test } from 'vitest'
import { normalCumulative, normalDensity } from './normal-distribution.ts'

/** Simpson's rule from far out in the tail. */
function integratedDensity(x: number): number {
  const start = -14
  const steps = 40_000
  const width = (x - start) / steps
  let total = normalDensity(start) + normalDensity(x)
  for (let step = 1; step < steps; step++)
    total += normalDensity(start + step * width) * (step % 2 === 1 ? 4 : 2)
  return (total * width) / 3
}

test('the cumulative distribution is the integral of the density', () => {
  for (let x = -8; x <= 8; x += 0.37) {
    expect(normalCumulative(x) / integratedDensity(x)).toBeCloseTo(1, 9)
  }
  expect(normalCumulative(0)).toBe(0.5)
  // Abramowitz and Stegun, table 26.1.
  expect(normalCumulative(1)).toBeCloseTo(0.841344746068543, 14)
  expect(normalCumulative(-10)).toBeCloseTo(7.61985302416e-24, 34)
})
