import { multiplyAdd } from './vector'

// Constants are read from memory: written into the code, engines make them again in each round of a loop.
// Those of the exponential of any number, with the polynomial of Cephes.
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

// Those of the minimax polynomial of `2^x` from -1/2 to 1/2, highest power first.
const powers: usize = memory.data<f32>(
  [
    1.32745644e-3, 1.32745644e-3, 1.32745644e-3, 1.32745644e-3,
    9.67196282e-3, 9.67196282e-3, 9.67196282e-3, 9.67196282e-3,
    5.55067882e-2, 5.55067882e-2, 5.55067882e-2, 5.55067882e-2,
    0.24022235, 0.24022235, 0.24022235, 0.24022235,
    0.693147063, 0.693147063, 0.693147063, 0.693147063,
  ],
  16,
)

/** 1 in each lane. */
@inline
export function ones(): v128 {
  return v128.load(constants, 192)
}

/**
 * The exponential of each lane, to the last bits of float32. Exactly 0 below -87.33, where float32 would lose digits: what is
 * masked never becomes a number that processors round slowly.
 */
@inline
export function exponential(x: v128): v128 {
  const high = v128.load(constants, 16)
  const low = v128.load(constants)
  const bounded = f32x4.pmax(f32x4.pmin(x, high), low)
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
  const result = v128.andnot(i32x4.add(value, i32x4.shl(shifted, 23)), f32x4.lt(x, low))
  return v128.bitselect(f32x4.splat(Infinity), result, f32x4.gt(x, high))
}

/** 2 to the power of each lane, from -126 to 128, where it is infinite: within 2e-7 of itself. */
@inline
export function powerOfTwo(exponent: v128): v128 {
  const magic = v128.load(constants, 48)
  const shifted = f32x4.add(exponent, magic)
  return scaledPower(f32x4.sub(exponent, f32x4.sub(shifted, magic)), shifted)
}

/** 2 to the power of `rest`, which lies between -1/2 and 1/2, plus that in the last bits of `shifted`. */
@inline
function scaledPower(rest: v128, shifted: v128): v128 {
  let value = multiplyAdd(v128.load(powers), rest, v128.load(powers, 16))
  value = multiplyAdd(value, rest, v128.load(powers, 32))
  value = multiplyAdd(value, rest, v128.load(powers, 48))
  value = multiplyAdd(value, rest, v128.load(powers, 64))
  value = multiplyAdd(value, rest, ones())
  return i32x4.add(value, i32x4.shl(shifted, 23))
}

/**
 * The exponential of lanes that are not above 0, in fewer steps: within 2e-7 of itself near 0, and
 * within 3e-6 at the other end. Exactly 0 below -87.33.
 */
@inline
export function exponentialOfNegative(x: v128): v128 {
  const scale = v128.load(constants, 32)
  const magic = v128.load(constants, 48)
  const low = v128.load(constants)
  const bounded = f32x4.pmax(x, low)
  const shifted = multiplyAdd(bounded, scale, magic)
  const rest = multiplyAdd(bounded, scale, f32x4.sub(magic, shifted))
  return v128.andnot(scaledPower(rest, shifted), f32x4.lt(x, low))
}
