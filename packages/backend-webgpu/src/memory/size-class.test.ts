import { expect, test } from 'vitest'
import { sizeClass } from './size-class.ts'

test('sizes are multiples of 64, at least as long, and waste a quarter at most', () => {
  const seen = new Set<number>()
  for (let bytes = 0; bytes < 100_000; bytes += 52) {
    const size = sizeClass(bytes)
    seen.add(size)
    expect(size % 64).toBe(0)
    expect(size).toBeGreaterThanOrEqual(bytes)
    expect(size).toBeLessThanOrEqual(Math.max(256, bytes * 1.25 + 64))
  }
  expect(seen.size).toBeLessThan(50)
})
