// bfloat16 is the upper half of a float32: 1 sign bit, 8 exponent bits, 7 fraction bits.
const FLOAT32_INFINITY = 0x7f800000
const QUIET_NAN_BIT = 0x40

/**
 * bfloat16 bits to float32, exactly.
 *
 * @example
 * bfloat16ToFloat32(Uint16Array.of(0x3f80, 0xc000)) // Float32Array [1, -2]
 */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bits.length)
  const words = new Uint32Array(values.buffer)
  for (let index = 0; index < bits.length; index += 1) words[index] = bits[index]! << 16
  return values
}

/**
 * float32 to bfloat16 bits, to the nearest value, ties to even; a NaN stays a NaN.
 *
 * @example
 * float32ToBfloat16(Float32Array.of(1, -2)) // Uint16Array [0x3f80, 0xc000]
 */
export function float32ToBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const bits = new Uint16Array(values.length)
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    const upper = word >>> 16
    // Rounding could carry a NaN into infinity or zero, so its upper half is kept and marked as quiet.
    const isNan = (word & 0x7fffffff) > FLOAT32_INFINITY
    bits[index] = isNan ? upper | QUIET_NAN_BIT : (word + 0x7fff + (upper & 1)) >>> 16
  }
  return bits
}
