import { ones } from './exponential'
import { multiplyAdd } from './vector'

const NEG: i32 = 0
const ABS: i32 = 1
const SQUARE: i32 = 2
const SQRT: i32 = 3
const RSQRT: i32 = 4
const RECIPROCAL: i32 = 5
const FLOOR: i32 = 6
const CEIL: i32 = 7
const ROUND: i32 = 8
const SIGN: i32 = 9
const ERF: i32 = 10

// The numerator and denominator of the error function on [-4, 4], highest power first: the rational minimax of Eigen,
// `x p(x^2) / q(x^2)`. The constant terms are moved to
// float32 numbers whose quotient is 2 / sqrt(pi), so that it is right to the last bits also where x is small.
const rational: usize = memory.data<f32>(
  [
    -2.72614225801306e-10, -2.72614225801306e-10, -2.72614225801306e-10, -2.72614225801306e-10,
    2.77068142495902e-8, 2.77068142495902e-8, 2.77068142495902e-8, 2.77068142495902e-8,
    -2.10102402082508e-6, -2.10102402082508e-6, -2.10102402082508e-6, -2.10102402082508e-6,
    -5.69250639462346e-5, -5.69250639462346e-5, -5.69250639462346e-5, -5.69250639462346e-5,
    -7.34990630326855e-4, -7.34990630326855e-4, -7.34990630326855e-4, -7.34990630326855e-4,
    -2.954599808540250e-3, -2.95459980854025e-3, -2.95459980854025e-3, -2.95459980854025e-3,
    -1.6096031293e-2, -1.6096031293e-2, -1.6096031293e-2, -1.6096031293e-2,
    -1.45660718464996e-5, -1.45660718464996e-5, -1.45660718464996e-5, -1.45660718464996e-5,
    -2.13374055278905e-4, -2.13374055278905e-4, -2.13374055278905e-4, -2.13374055278905e-4,
    -1.68282697438203e-3, -1.68282697438203e-3, -1.68282697438203e-3, -1.68282697438203e-3,
    -7.37332916720468e-3, -7.37332916720468e-3, -7.37332916720468e-3, -7.37332916720468e-3,
    -1.4264736324e-2, -1.4264736324e-2, -1.4264736324e-2, -1.4264736324e-2,
  ],
  16,
)

@inline
function term(value: v128, square: v128, index: usize): v128 {
  return multiplyAdd(value, square, v128.load(rational + (index << 4)))
}

@inline
function erfOf(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(4)), f32x4.splat(-4))
  const square = f32x4.mul(bounded, bounded)
  let above = term(v128.load(rational), square, 1)
  above = term(above, square, 2)
  above = term(above, square, 3)
  above = term(above, square, 4)
  above = term(above, square, 5)
  above = term(above, square, 6)
  let below = term(v128.load(rational + (7 << 4)), square, 8)
  below = term(below, square, 9)
  below = term(below, square, 10)
  below = term(below, square, 11)
  return f32x4.div(f32x4.mul(bounded, above), below)
}

/** Zeros and NaN stay. */
@inline
function signOf(x: v128): v128 {
  const zero = i32x4.splat(0)
  const signed = v128.bitselect(f32x4.splat(1), x, f32x4.gt(x, zero))
  return v128.bitselect(f32x4.splat(-1), signed, f32x4.lt(x, zero))
}

@inline
function valueOf(formula: i32, x: v128): v128 {
  if (formula == NEG) return f32x4.neg(x)
  if (formula == ABS) return f32x4.abs(x)
  if (formula == SQUARE) return f32x4.mul(x, x)
  if (formula == SQRT) return f32x4.sqrt(x)
  if (formula == RSQRT) return f32x4.div(ones(), f32x4.sqrt(x))
  if (formula == RECIPROCAL) return f32x4.div(ones(), x)
  if (formula == FLOOR) return f32x4.floor(x)
  if (formula == CEIL) return f32x4.ceil(x)
  if (formula == ROUND) return f32x4.nearest(x)
  if (formula == SIGN) return signOf(x)
  return erfOf(x)
}

@inline
function mapAll(formula: i32, first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, valueOf(formula, v128.load(source)))
    source += 16
    target += 16
  }
}

// Units are vectors of four elements. The last may go past the end: `target` is a buffer of its own.

export function neg(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(NEG, first, end, target, source)
}

export function abs(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(ABS, first, end, target, source)
}

export function square(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SQUARE, first, end, target, source)
}

export function sqrt(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SQRT, first, end, target, source)
}

export function rsqrt(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(RSQRT, first, end, target, source)
}

export function reciprocal(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(RECIPROCAL, first, end, target, source)
}

export function floor(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(FLOOR, first, end, target, source)
}

export function ceil(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(CEIL, first, end, target, source)
}

export function round(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(ROUND, first, end, target, source)
}

export function sign(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SIGN, first, end, target, source)
}

export function erf(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(ERF, first, end, target, source)
}
