import { expect, test } from 'vitest'
import type { GoldenTensor } from './golden-case.ts'
import { mismatch } from './mismatch.ts'

const floats = (values: readonly number[], float32Error = 0): GoldenTensor => ({
  dtype: 'f32',
  shape: [values.length],
  data: Float32Array.from(values),
  float32Error,
})
const integers = (values: readonly number[]): GoldenTensor => ({
  dtype: 'i32',
  shape: [values.length],
  data: Int32Array.from(values),
  float32Error: 0,
})

test.each([
  ['a difference within 1e-6', [1e-6], floats([0])],
  ['a difference within 1e-5 of the value', [1000.009], floats([1000])],
  ['a difference within 16 times the float32 error', [0.0016], floats([0], 1e-4)],
  ['NaN for NaN', [NaN], floats([NaN])],
  ['the same infinity', [-Infinity], floats([-Infinity])],
  ['equal integers', [3, -1], integers([3, -1])],
])('accepts %s', (_, got, wanted) => {
  expect(mismatch(got, wanted)).toBeNull()
})

test.each([
  ['a difference above 1e-6', [1.2e-6], floats([0])],
  ['a difference above 1e-5 of the value', [1000.012], floats([1000])],
  ['a number for NaN', [0], floats([NaN])],
  ['NaN for a number', [NaN], floats([0])],
  ['the other infinity', [Infinity], floats([-Infinity])],
  ['a large number for infinity', [1e38], floats([Infinity])],
  ['infinity for a number', [Infinity], floats([1e38], 1e38)],
  ['another integer', [4], integers([3])],
  ['another length', [1, 1], floats([1])],
])('refuses %s', (_, got, wanted) => {
  expect(mismatch(got, wanted)).not.toBeNull()
})

test('reports the worst element', () => {
  expect(mismatch([0.1, 5, 0.2], floats([0, 0, 0]))).toBe('[1] is 5, wanted 0 within 0.00000100')
})
