import { ones, powerOfTwo } from './exponential'
import { multiplyAdd } from './vector'

// Constants are read from memory: written into the code, engines make them again in each round of a loop.
const constants: usize = memory.data<f32>(
  [
    // Of the tangent: e^2x as a power of two, where the polynomial ends, and where 1 - 2 / (1 + e^2x) is 1.
    2.88539008, 2.88539008, 2.88539008, 2.88539008,
    0.625, 0.625, 0.625, 0.625,
    12, 12, 12, 12,
    -2, -2, -2, -2,
    // Its polynomial.
    -5.70498872745e-3, -5.70498872745e-3, -5.70498872745e-3, -5.70498872745e-3,
    2.06390887954e-2, 2.06390887954e-2, 2.06390887954e-2, 2.06390887954e-2,
    -5.37397155531e-2, -5.37397155531e-2, -5.37397155531e-2, -5.37397155531e-2,
    1.33314422036e-1, 1.33314422036e-1, 1.33314422036e-1, 1.33314422036e-1,
    -3.33332819422e-1, -3.33332819422e-1, -3.33332819422e-1, -3.33332819422e-1,
    // e^-x as a power of two, and the bounds of powers: one is 0 beside 1, the other is infinite.
    -1.44269504, -1.44269504, -1.44269504, -1.44269504,
    -126, -126, -126, -126,
    128, 128, 128, 128,
    // e^-2u as a power of two, for the u of GELU's tangent: x and its cube.
    -2.30220819, -2.30220819, -2.30220819, -2.30220819,
    -0.102943239, -0.102943239, -0.102943239, -0.102943239,
    // The derivative of 2u.
    1.59576912, 1.59576912, 1.59576912, 1.59576912,
    0.214064449, 0.214064449, 0.214064449, 0.214064449,
  ],
  16,
)

@inline
function constant(index: usize): v128 {
  return v128.load(constants + (index << 4))
}

/** 1 plus a power of two; infinite from 128 on. */
@inline
function onePlusPower(exponent: v128): v128 {
  return f32x4.add(ones(), powerOfTwo(f32x4.pmin(f32x4.pmax(exponent, constant(10)), constant(11))))
}

@inline
export function sigmoidOf(x: v128): v128 {
  return f32x4.div(ones(), onePlusPower(f32x4.mul(x, constant(9))))
}

@inline
export function siluOf(x: v128): v128 {
  return f32x4.div(x, onePlusPower(f32x4.mul(x, constant(9))))
}

/** The power of two that is `e^-2u`: `(1 + tanh(u)) / 2` is the sigmoid of `2u`. */
@inline
function geluTanhExponent(x: v128): v128 {
  return f32x4.mul(x, multiplyAdd(f32x4.mul(x, x), constant(13), constant(12)))
}

@inline
export function geluTanhOf(x: v128): v128 {
  return f32x4.div(x, onePlusPower(geluTanhExponent(x)))
}

/** `1 - 2 / (1 + e^2x)`, and near zero, where that loses digits, the polynomial of Cephes. */
@inline
export function tanhOf(x: v128): v128 {
  const size = f32x4.abs(x)
  const power = powerOfTwo(f32x4.mul(f32x4.pmin(size, constant(2)), constant(0)))
  const far = f32x4.add(ones(), f32x4.div(constant(3), f32x4.add(ones(), power)))
  const square = f32x4.mul(x, x)
  let near = multiplyAdd(constant(4), square, constant(5))
  near = multiplyAdd(near, square, constant(6))
  near = multiplyAdd(near, square, constant(7))
  near = multiplyAdd(near, square, constant(8))
  near = multiplyAdd(f32x4.mul(near, square), x, x)
  const signed = v128.bitselect(far, x, i32x4.splat(0x7fffffff))
  return v128.bitselect(near, signed, f32x4.lt(size, constant(1)))
}

/** NaN stays. */
@inline
function bounded(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(high)), f32x4.splat(low))
}

// The slopes need `1 - gate`, which loses its digits where the gate is close to 1: `power gate` has them. Beyond the bounds, slopes
// stay what they are.

@inline
export function geluTanhSlope(value: v128): v128 {
  const x = bounded(value, -8, 8)
  const power = powerOfTwo(geluTanhExponent(x))
  const gate = f32x4.div(ones(), f32x4.add(ones(), power))
  const inner = multiplyAdd(f32x4.mul(x, x), constant(15), constant(14))
  return multiplyAdd(f32x4.mul(x, gate), f32x4.mul(f32x4.mul(power, gate), inner), gate)
}

@inline
export function siluSlope(value: v128): v128 {
  const x = bounded(value, -87, 40)
  const power = powerOfTwo(f32x4.mul(x, constant(9)))
  const gate = f32x4.div(ones(), f32x4.add(ones(), power))
  return f32x4.mul(gate, multiplyAdd(x, f32x4.mul(power, gate), ones()))
}
