import { expect, test } from 'vitest'
import type { GrowthResult } from './results.ts'
import { tableOf } from './tables.ts'

test('growth has a row for each length, and one for the powers', () => {
  const growth: GrowthResult = {
    suite: 'lengths',
    name: 'linear',
    shape: '256 to 16384 positions',
    composition: 'linear, causal',
    backend: 'cpu',
    simd: 'relaxed',
    threads: 1,
    points: [
      { length: 256, milliseconds: 0.51234, peakBytes: 262_144 },
      { length: 16_384, milliseconds: 30.8, peakBytes: 16_777_216 },
    ],
    timeExponent: 0.9876,
    memoryExponent: 1,
  }
  expect(tableOf([growth])).toEqual({
    heading: ['name', 'positions', 'kernels', 'threads', 'median ms', 'peak MB'],
    rows: [
      ['linear', '256', 'relaxed', '1', '0.512', '0.262'],
      ['linear', '16,384', 'relaxed', '1', '30.8', '16.8'],
      ['linear', 'power', 'relaxed', '1', 'n^0.99', 'n^1.00'],
    ],
  })
})
