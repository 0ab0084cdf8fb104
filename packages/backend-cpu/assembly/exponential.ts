import { multiplyAdd } from './vector'

// Constants are read from memory: written into the code, engines make them again in each round of a loop.
const constants: usize = memory.data<f32>(
  [
    -87.33, -87.33, -87.33, -87.33,
    88.7228, 88.7228, 88.7228, 88.7228,
    1.44269504088896341, 1.44269504088896341, 1.44269504088896341, 1.44269504088896341,
    12582912.0, 12582912.0, 12582912.0, 12582912.0,
    -0.693359375, -0.693359375, -0.693359375, -0.693359375,
    2.1219444e-4, 2.1219444e-4, 2.1219444e-4, 2.1219444e-4,
    1.98756915e-4, 1.98756915e-4, 1.98756915e-4, 1.98756915e-4,
    1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
    8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
    4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
    1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
    0.50000001201, 0.50000001201, 0.50000001201, 0.50000001201,
    1.0, 1.0, 1.0, 1.0,
  ],
  16,
)

/** 1 in each lane. */
@inline
export function ones(): v128 {
  return v128.load(constants, 192)
}

/**
 * The exponential of each lane, with the polynomial of Cephes. Exactly 0 below -87.33, where float32 would lose digits: what is
 * masked never becomes a number that processors round slowly.
 */
@inline
export function exponential(x: v128): v128 {
  const high = v128.load(constants, 16)
  const result = exponentialBelow(f32x4.pmin(x, high), x)
  return v128.bitselect(f32x4.splat(Infinity), result, f32x4.gt(x, high))
}

/** The same, for lanes that are not above 0. */
@inline
export function exponentialOfNegative(x: v128): v128 {
  return exponentialBelow(x, x)
}

@inline
function exponentialBelow(bounded: v128, x: v128): v128 {
  const low = v128.load(constants)
  bounded = f32x4.pmax(bounded, low)
  // Added to 1.5 * 2^23, the power of two ends up in the last bits.
  const magic = v128.load(constants, 48)
  const shifted = multiplyAdd(bounded, v128.load(constants, 32), magic)
  const power = f32x4.sub(shifted, magic)
  let rest = multiplyAdd(power, v128.load(constants, 64), bounded)
  rest = multiplyAdd(power, v128.load(constants, 80), rest)
  let value = multiplyAdd(v128.load(constants, 96), rest, v128.load(constants, 112))
  value = multiplyAdd(value, rest, v128.load(constants, 128))
  value = multiplyAdd(value, rest, v128.load(constants, 144))
  value = multiplyAdd(value, rest, v128.load(constants, 160))
  value = multiplyAdd(value, rest, v128.load(constants, 176))
  value = multiplyAdd(value, f32x4.mul(rest, rest), f32x4.add(rest, ones()))
  return v128.andnot(i32x4.add(value, i32x4.shl(shifted, 23)), f32x4.lt(x, low))
}
