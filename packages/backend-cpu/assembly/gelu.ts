import { ones } from './exponential'
import { multiplyAdd, multiplySubtract } from './vector'

// The share of a normal distribution below `-a` is the eighth power of a polynomial of degree 8 in `a`, from 0 to 7, and its
// product with `a` then right to 1e-7: the root of a curve like this one is almost straight. There is no division, and no
// exponential. The slope of GELU at `-a` is the seventh power times another polynomial. Fitted for the smallest largest error;
// constant term first. Read from memory: written into the code, engines make constants again in each round of a loop.
const root: usize = memory.data<f32>(
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
const magnitude: usize = memory.data<i32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16)
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

/** Beyond 7, where GELU is the identity or zero, the size stays 7; NaN stays NaN. */
@inline
function sizeOf(x: v128): v128 {
  return f32x4.pmin(v128.and(x, v128.load(magnitude)), v128.load(root, 144))
}

@inline
function term(value: v128, size: v128, place: usize): v128 {
  return multiplyAdd(value, size, v128.load(place))
}

/** The polynomial at `place`. */
@inline
function polynomial(size: v128, place: usize): v128 {
  let value = multiplyAdd(v128.load(place, 128), size, v128.load(place, 112))
  value = term(value, size, place + 96)
  value = term(value, size, place + 80)
  value = term(value, size, place + 64)
  value = term(value, size, place + 48)
  value = term(value, size, place + 32)
  value = term(value, size, place + 16)
  return term(value, size, place)
}

@inline
function eighth(value: v128): v128 {
  const square = f32x4.mul(value, value)
  const fourth = f32x4.mul(square, square)
  return f32x4.mul(fourth, fourth)
}

/** `max(x, 0) - size share`; NaN for minus infinity, as `x` times a share of zero is. */
@inline
function lessShare(x: v128, size: v128, share: v128): v128 {
  return multiplySubtract(size, share, f32x4.sub(x, f32x4.pmin(x, i32x4.splat(0))))
}

@inline
function geluSlope(x: v128): v128 {
  const size = sizeOf(x)
  const base = polynomial(size, root)
  const square = f32x4.mul(base, base)
  const seventh = f32x4.mul(f32x4.mul(square, square), f32x4.mul(square, base))
  const below = f32x4.mul(seventh, polynomial(size, slope))
  return v128.bitselect(below, f32x4.sub(ones(), below), f32x4.lt(x, i32x4.splat(0)))
}

// Units are vectors of four elements. The last may go past the end: `target` is a buffer of its own.

/** Four vectors side by side: one alone would wait for each of its terms. */
export function gelu(first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  let count = end - first
  for (; count > 3; count -= 4) {
    const bits = v128.load(magnitude)
    const bound = v128.load(root, 144)
    const size0 = f32x4.pmin(v128.and(v128.load(source), bits), bound)
    const size1 = f32x4.pmin(v128.and(v128.load(source, 16), bits), bound)
    const size2 = f32x4.pmin(v128.and(v128.load(source, 32), bits), bound)
    const size3 = f32x4.pmin(v128.and(v128.load(source, 48), bits), bound)
    let next = v128.load(root, 112)
    const highest = v128.load(root, 128)
    let share0 = multiplyAdd(highest, size0, next)
    let share1 = multiplyAdd(highest, size1, next)
    let share2 = multiplyAdd(highest, size2, next)
    let share3 = multiplyAdd(highest, size3, next)
    next = v128.load(root, 96)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    next = v128.load(root, 80)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    next = v128.load(root, 64)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    next = v128.load(root, 48)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    next = v128.load(root, 32)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    next = v128.load(root, 16)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    next = v128.load(root)
    share0 = multiplyAdd(share0, size0, next)
    share1 = multiplyAdd(share1, size1, next)
    share2 = multiplyAdd(share2, size2, next)
    share3 = multiplyAdd(share3, size3, next)
    v128.store(target, lessShare(v128.load(source), size0, eighth(share0)))
    v128.store(target, lessShare(v128.load(source, 16), size1, eighth(share1)), 16)
    v128.store(target, lessShare(v128.load(source, 32), size2, eighth(share2)), 32)
    v128.store(target, lessShare(v128.load(source, 48), size3, eighth(share3)), 48)
    source += 64
    target += 64
  }
  for (; count > 0; --count) {
    const x = v128.load(source)
    const size = sizeOf(x)
    v128.store(target, lessShare(x, size, eighth(polynomial(size, root))))
    source += 16
    target += 16
  }
}

export function geluBackward(first: i32, end: i32, target: usize, source: usize, gradient: usize): void {
  source += (<usize>first) << 4
  gradient += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, f32x4.mul(v128.load(gradient), geluSlope(v128.load(source))))
    source += 16
    gradient += 16
    target += 16
  }
}
