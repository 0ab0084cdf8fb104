import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float16ToFloat32, float32ToFloat16 } from './float16.ts'

const ALL_BITS = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits)

/** The value of float16 bits by the definition in IEEE 754, in plain arithmetic. */
function valueOf(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1
  const exponent = Math.floor(bits / 1024) % 32
  const fraction = bits % 1024
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Every finite magnitude in rising order, and the one after the largest, which stands for infinity. */
const MAGNITUDES = Array.from({ length: 0x7c01 }, (_, bits) => (bits === 0x7c00 ? 65536 : valueOf(bits)))

/** The nearest float16 by search among all of them, the even bits on a tie. */
function nearestBits(value: number): number {
  const sign = Object.is(value, -0) || value < 0 ? 0x8000 : 0
  const magnitude = Math.abs(value)
  let low = 0
  let high = 0x7c00
  if (magnitude >= 65536) return sign + high
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (MAGNITUDES[middle]! <= magnitude) low = middle
    else high = middle
  }
  const below = magnitude - MAGNITUDES[low]!
  const above = MAGNITUDES[high]! - magnitude
  if (below === above) return sign + (low % 2 === 0 ? low : high)
  return sign + (below < above ? low : high)
}

describe('float16ToFloat32', () => {
  it('gives the defined value for all 65,536 bit patterns', () => {
    const values = float16ToFloat32(ALL_BITS)
    expect(values.every((value, bits) => Object.is(value, valueOf(bits)))).toBe(true)
  })

  it('knows values that everybody can look up', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x8000, 0x7c00)
    const values = [1, -2, 65504, 2 ** -14, 2 ** -24, 0.333251953125, -0, Number.POSITIVE_INFINITY]
    expect([...float16ToFloat32(bits)]).toEqual(values)
  })
})

describe('float32ToFloat16', () => {
  it('undoes float16ToFloat32 for all bit patterns, and only marks NaNs as quiet', () => {
    const back = float32ToFloat16(float16ToFloat32(ALL_BITS))
    const expected = ALL_BITS.map((bits) => (Number.isNaN(valueOf(bits)) ? bits | 0x200 : bits))
    expect(back).toEqual(expected)
  })

  it('rounds the middle between any two neighbours to the even one, and what is beside it to the nearer one', () => {
    const middles = Float32Array.from(
      { length: 0x7c00 },
      (_, bits) => (MAGNITUDES[bits]! + MAGNITUDES[bits + 1]!) / 2,
    )
    const words = new Uint32Array(middles.buffer)
    const up = new Float32Array(words.map((word) => word + 1).buffer)
    const down = new Float32Array(words.map((word) => word - 1).buffer)
    expect(float32ToFloat16(middles)).toEqual(
      Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits + (bits % 2)),
    )
    expect(float32ToFloat16(up)).toEqual(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits + 1))
    expect(float32ToFloat16(down)).toEqual(Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits))
  })

  it('agrees with a search for the nearest value', () => {
    const values = fc.float({ noNaN: true, noDefaultInfinity: true, min: -70000, max: 70000 })
    fc.assert(
      fc.property(values, (value) => {
        expect(float32ToFloat16(Float32Array.of(value))[0]).toBe(nearestBits(value))
      }),
      { numRuns: 2000 },
    )
  })

  it('goes to infinity from 65520 on, to zero at 2^-25 and below, and keeps signs and NaN', () => {
    const values = [65519.99, 65520, -1e38, Number.NEGATIVE_INFINITY, 2 ** -25, 2 ** -25 * 1.001, -1e-45, -0]
    const bits = [0x7bff, 0x7c00, 0xfc00, 0xfc00, 0, 1, 0x8000, 0x8000]
    expect([...float32ToFloat16(Float32Array.from(values))]).toEqual(bits)
    expect(float16ToFloat32(float32ToFloat16(Float32Array.of(Number.NaN)))[0]).toBeNaN()
    const payloadInLowBits = new Float32Array(Uint32Array.of(0x7f800001).buffer)
    expect(float32ToFloat16(payloadInLowBits)[0]).toBe(0x7e00)
  })

  it('reads only the part of the buffer that it was given', () => {
    expect([...float32ToFloat16(Float32Array.of(9, 1, 2, 9).subarray(1, 3))]).toEqual([0x3c00, 0x4000])
  })
})
