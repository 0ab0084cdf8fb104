// The 16-bit float of IEEE 754: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits.
// In float32 (8 exponent bits, bias 127, 23 fraction bits) the exponents differ by 112 and the fractions by 13 bits.
const FRACTION_SHIFT = 13
const EXPONENT_SHIFT = 112 << 23
const SMALLEST_SUBNORMAL = 2 ** -24

const FLOAT32_INFINITY = 0x7f800000
/** 65520 as float32 bits: halfway between the largest float16 and what would follow it, so it rounds to infinity. */
const FLOAT32_OVERFLOW = 0x477ff000
/** 2^-14 as float32 bits: the smallest normal float16. */
const FLOAT32_SMALLEST_NORMAL = 0x38800000
/** 2^-25 as float32 bits: half the smallest subnormal, a tie that goes to zero. */
const FLOAT32_HALF_SUBNORMAL = 0x33000000

/**
 * float16 bits to float32, exactly; the payload of a NaN is kept.
 *
 * @example
 * float16ToFloat32(Uint16Array.of(0x3c00, 0xc000)) // Float32Array [1, -2]
 */
export function float16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bits.length)
  const words = new Uint32Array(values.buffer)
  for (let index = 0; index < bits.length; index += 1) {
    const half = bits[index]!
    const sign = (half & 0x8000) << 16
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) {
      values[index] = (sign === 0 ? fraction : -fraction) * SMALLEST_SUBNORMAL
    } else {
      const magnitude = ((half & 0x7fff) << FRACTION_SHIFT) + EXPONENT_SHIFT
      words[index] = sign | (exponent === 0x1f ? FLOAT32_INFINITY | (fraction << FRACTION_SHIFT) : magnitude)
    }
  }
  return values
}

/**
 * float32 to float16 bits, to the nearest value, ties to even; beyond 65504 rounds to infinity, below 2^-25 to zero.
 *
 * @example
 * float32ToFloat16(Float32Array.of(1, -2)) // Uint16Array [0x3c00, 0xc000]
 */
export function float32ToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const bits = new Uint16Array(values.length)
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    bits[index] = ((word >>> 16) & 0x8000) | magnitudeToFloat16(word & 0x7fffffff)
  }
  return bits
}

function magnitudeToFloat16(magnitude: number): number {
  if (magnitude > FLOAT32_INFINITY) return 0x7e00 | ((magnitude >> FRACTION_SHIFT) & 0x3ff)
  if (magnitude >= FLOAT32_OVERFLOW) return 0x7c00
  if (magnitude >= FLOAT32_SMALLEST_NORMAL) {
    return shiftToNearestEven(magnitude - EXPONENT_SHIFT, FRACTION_SHIFT)
  }
  if (magnitude <= FLOAT32_HALF_SUBNORMAL) return 0
  const fraction = (magnitude & 0x7fffff) | 0x800000
  return shiftToNearestEven(fraction, 126 - (magnitude >> 23))
}

/** `value / 2^shift`, rounded to the nearest whole number, ties to even. */
function shiftToNearestEven(value: number, shift: number): number {
  const lastKeptBit = (value >> shift) & 1
  return (value + (1 << (shift - 1)) - 1 + lastKeptBit) >> shift
}
