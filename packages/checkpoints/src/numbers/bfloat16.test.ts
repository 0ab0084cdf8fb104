import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bfloat16ToFloat32, float32ToBfloat16 } from './bfloat16.ts'

const ALL_BITS = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits)

/** The value of bfloat16 bits by definition, in plain arithmetic. */
function valueOf(bits: number): number {
  const sign = bits >= 0x8000 ? -1 : 1
  const exponent = Math.floor(bits / 128) % 256
  const fraction = bits % 128
  if (exponent === 255) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -133 : sign * (1 + fraction / 128) * 2 ** (exponent - 127)
}

describe('bfloat16ToFloat32', () => {
  it('gives the defined value for all 65,536 bit patterns', () => {
    const values = bfloat16ToFloat32(ALL_BITS)
    expect(values.every((value, bits) => Object.is(value, valueOf(bits)))).toBe(true)
  })
})

describe('float32ToBfloat16', () => {
  it('undoes bfloat16ToFloat32 for all bit patterns, and only marks NaNs as quiet', () => {
    const back = float32ToBfloat16(bfloat16ToFloat32(ALL_BITS))
    expect(back).toEqual(ALL_BITS.map((bits) => (Number.isNaN(valueOf(bits)) ? bits | 0x40 : bits)))
  })

  it('picks the nearer of the two neighbours, and the even one on a tie', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(-3e38), max: Math.fround(3e38) }), (value) => {
        const bits = float32ToBfloat16(Float32Array.of(value))[0]!
        const distance = Math.abs(valueOf(bits) - value)
        const others = [bits - 1, bits + 1]
          .map((neighbour) => valueOf(neighbour & 0xffff))
          .filter((other) => Number.isFinite(other) && Math.sign(other) === Math.sign(value))
          .map((other) => Math.abs(other - value))
        expect(others.filter((other) => other < distance)).toEqual([])
        expect(others.includes(distance) && bits % 2 === 1).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds ties to even, overflows to infinity, and never makes a NaN finite or infinite', () => {
    const words = [
      0x3f808000, 0x3f818000, 0x3f808001, 0x7f7f8000, 0x7f7f7fff, 0x7f800001, 0xffffffff, 0x80000000,
    ]
    const bits = [0x3f80, 0x3f82, 0x3f81, 0x7f80, 0x7f7f, 0x7fc0, 0xffff, 0x8000]
    expect([...float32ToBfloat16(new Float32Array(Uint32Array.from(words).buffer))]).toEqual(bits)
  })
})
