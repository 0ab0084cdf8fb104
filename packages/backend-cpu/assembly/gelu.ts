import { ones } from './exponential'
import { multiplyAdd, multiplySubtract } from './vector'

// The share of a normal distribution below `-a` is the eighth power of a polynomial in `a`: the root of a curve like this one is
// almost straight, so that there is no division, and no exponential. The slope of GELU at `-a` is the seventh power times another
// polynomial. Fitted for the smallest largest error; constant term first, where `a` ends last. Read from memory: written into the
// code, engines make constants again in each round of a loop.
const root: usize = memory.data<f32>(
  [
    0.917005158, 0.917005158, 0.917005158, 0.917005158,
    -0.0914721087, -0.0914721087, -0.0914721087, -0.0914721087,
    -0.0318663667, -0.0318663667, -0.0318663667, -0.0318663667,
    -0.000792705943, -0.000792705943, -0.000792705943, -0.000792705943,
    0.00163053409, 0.00163053409, 0.00163053409, 0.00163053409,
    -3.99978358e-05, -3.99978358e-05, -3.99978358e-05, -3.99978358e-05,
    -3.56762825e-05, -3.56762825e-05, -3.56762825e-05, -3.56762825e-05,
    3.23682388e-06, 3.23682388e-06, 3.23682388e-06, 3.23682388e-06,
    6, 6, 6, 6,
  ],
  16,
)
// The slope needs one degree more.
const slopeRoot: usize = memory.data<f32>(
  [
    0.917003989, 0.917003989, 0.917003989, 0.917003989,
    -0.0914573073, -0.0914573073, -0.0914573073, -0.0914573073,
    -0.0319286622, -0.0319286622, -0.0319286622, -0.0319286622,
    -0.000670640788, -0.000670640788, -0.000670640788, -0.000670640788,
    0.00150286884, 0.00150286884, 0.00150286884, 0.00150286884,
    3.52241841e-05, 3.52241841e-05, 3.52241841e-05, 3.52241841e-05,
    -6.05774949e-05, -6.05774949e-05, -6.05774949e-05, -6.05774949e-05,
    7.53652557e-06, 7.53652557e-06, 7.53652557e-06, 7.53652557e-06,
    -2.99966558e-07, -2.99966558e-07, -2.99966558e-07, -2.99966558e-07,
    7, 7, 7, 7,
  ],
  16,
)
const slope: usize = memory.data<f32>(
  [
    0.917004466, 0.917004466, 0.917004466, 0.917004466,
    -0.823123097, -0.823123097, -0.823123097, -0.823123097,
    -0.542746365, -0.542746365, -0.542746365, -0.542746365,
    -0.0168670155, -0.0168670155, -0.0168670155, -0.0168670155,
    0.0497215912, 0.0497215912, 0.0497215912, 0.0497215912,
    0.00135724142, 0.00135724142, 0.00135724142, 0.00135724142,
    -0.00293558254, -0.00293558254, -0.00293558254, -0.00293558254,
    0.000423260441, 0.000423260441, 0.000423260441, 0.000423260441,
    -1.90094579e-05, -1.90094579e-05, -1.90094579e-05, -1.90094579e-05,
  ],
  16,
)
const magnitude: usize = memory.data<i32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16)

@inline
function term(value: v128, size: v128, place: usize): v128 {
  return multiplyAdd(value, size, v128.load(place))
}

/** The polynomial of degree 7 at `place`. */
@inline
function polynomial(size: v128, place: usize): v128 {
  return lowerTerms(v128.load(place, 112), size, place)
}

@inline
function polynomialOfDegree8(size: v128, place: usize): v128 {
  return lowerTerms(term(v128.load(place, 128), size, place + 112), size, place)
}

@inline
function lowerTerms(value: v128, size: v128, place: usize): v128 {
  value = term(value, size, place + 96)
  value = term(value, size, place + 80)
  value = term(value, size, place + 64)
  value = term(value, size, place + 48)
  value = term(value, size, place + 32)
  value = term(value, size, place + 16)
  return term(value, size, place)
}

/**
 * `max(x, 0) - size share`: within `2.2e-7 (1 + |GELU|)` of GELU at every float32 number tried (one in 97); NaN for minus infinity, as
 * `x` times a share of zero is. Numbers above zero are ordered as their bits are, and whole numbers have more ports that compare them.
 */
@inline
export function geluOf(x: v128): v128 {
  const size = i32x4.min_s(v128.and(x, v128.load(magnitude)), v128.load(root, 128))
  let share = polynomial(size, root)
  share = f32x4.mul(share, share)
  share = f32x4.mul(share, share)
  share = f32x4.mul(share, share)
  return multiplySubtract(size, share, f32x4.sub(x, i32x4.min_s(x, i32x4.splat(0))))
}

/** Within 3e-7 of the slope; NaN stays NaN. */
@inline
export function geluSlope(x: v128): v128 {
  const size = f32x4.pmin(v128.and(x, v128.load(magnitude)), v128.load(slopeRoot, 144))
  const base = polynomialOfDegree8(size, slopeRoot)
  const square = f32x4.mul(base, base)
  const seventh = f32x4.mul(f32x4.mul(square, square), f32x4.mul(square, base))
  const below = f32x4.mul(seventh, polynomialOfDegree8(size, slope))
  return v128.bitselect(below, f32x4.sub(ones(), below), f32x4.lt(x, i32x4.splat(0)))
}
