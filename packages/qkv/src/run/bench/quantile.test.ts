import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

test('quantiles lie between the ordered values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20)
  expect(quantile([7], 0.75)).toBe(7)
})
