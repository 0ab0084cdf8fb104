import { expect, test } from 'vitest'
import { powerOf } from './power-of.ts'

test('finds the power, also through noise', () => {
  const lengths = [1024, 4096, 16_384]
  expect(powerOf(lengths.map((length) => [length, 7 * length ** 2]))).toBeCloseTo(2, 12)
  expect(powerOf(lengths.map((length) => [length, 3 * length ** 0.5]))).toBeCloseTo(0.5, 12)
  const noisy = lengths.map((length, index) => [length, length * (1 + (index - 1) / 100)] as const)
  expect(powerOf(noisy)).toBeGreaterThan(1)
  expect(powerOf(noisy)).toBeLessThan(1.01)
})
