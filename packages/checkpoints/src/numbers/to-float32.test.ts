import { describe, expect, it } from 'vitest'
import type { NamedArray } from '../named-array.ts'
import { toFloat32 } from './to-float32.ts'

describe('toFloat32', () => {
  it('converts every floating-point type', () => {
    const arrays: NamedArray[] = [
      { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) },
      { dtype: 'float64', shape: [2], data: Float64Array.of(1, -2) },
      { dtype: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) },
      { dtype: 'bfloat16', shape: [2], data: Uint16Array.of(0x3f80, 0xc000) },
    ]
    for (const array of arrays) expect(toFloat32(array)).toEqual(Float32Array.of(1, -2))
  })

  it('rounds float64 to nearest', () => {
    const data = Float64Array.of(0.1)
    expect(toFloat32({ dtype: 'float64', shape: [], data })[0]).toBe(Math.fround(0.1))
  })

  it('refuses what is not a floating-point type', () => {
    expect(() => toFloat32({ dtype: 'int64', shape: [1], data: BigInt64Array.of(1n) })).toThrow(
      'toFloat32: dtype of the array is int64, expected float32, float64, float16 or bfloat16.',
    )
  })
})
