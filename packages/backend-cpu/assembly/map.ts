import { geluTanhOf, sigmoidOf, siluOf, tanhOf } from './activations'
import { erfOf } from './erf'
import { exponential, ones } from './exponential'
import { geluOf } from './gelu'

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
const EXP: i32 = 11
const SIGMOID: i32 = 12
const TANH: i32 = 13
const RELU: i32 = 14
const GELU: i32 = 15
const GELU_TANH: i32 = 16
const SILU: i32 = 17
const NEG_WHOLE: i32 = 18
const ABS_WHOLE: i32 = 19
const SQUARE_WHOLE: i32 = 20
const SIGN_WHOLE: i32 = 21
const NOT_FLAGS: i32 = 22

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
  if (formula == ERF) return erfOf(x)
  if (formula == EXP) return exponential(x)
  if (formula == SIGMOID) return sigmoidOf(x)
  if (formula == TANH) return tanhOf(x)
  if (formula == RELU) return f32x4.pmax(x, i32x4.splat(0))
  if (formula == GELU) return geluOf(x)
  if (formula == GELU_TANH) return geluTanhOf(x)
  if (formula == SILU) return siluOf(x)
  if (formula == NEG_WHOLE) return i32x4.neg(x)
  if (formula == ABS_WHOLE) return i32x4.abs(x)
  if (formula == SQUARE_WHOLE) return i32x4.mul(x, x)
  if (formula == SIGN_WHOLE) return i32x4.max_s(i32x4.min_s(x, i32x4.splat(1)), i32x4.splat(-1))
  return v128.xor(x, i8x16.splat(1))
}

/**
 * Five vectors side by side, since one alone would wait for each of its steps: engines keep the order of loads and stores, and
 * compute what lies between these in turns.
 */
@inline
function mapAll(formula: i32, first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  let count = end - first
  for (; count > 4; count -= 5) {
    const x0 = v128.load(source)
    const x1 = v128.load(source, 16)
    const x2 = v128.load(source, 32)
    const x3 = v128.load(source, 48)
    const x4 = v128.load(source, 64)
    const value0 = valueOf(formula, x0)
    const value1 = valueOf(formula, x1)
    const value2 = valueOf(formula, x2)
    const value3 = valueOf(formula, x3)
    const value4 = valueOf(formula, x4)
    v128.store(target, value0)
    v128.store(target, value1, 16)
    v128.store(target, value2, 32)
    v128.store(target, value3, 48)
    v128.store(target, value4, 64)
    source += 80
    target += 80
  }
  for (; count > 0; --count) {
    v128.store(target, valueOf(formula, v128.load(source)))
    source += 16
    target += 16
  }
}

// Units are vectors of four elements, for `notFlags` of sixteen bytes. The last may go past the end: `target` is a buffer of its own.

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

export function exp(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(EXP, first, end, target, source)
}

export function sigmoid(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SIGMOID, first, end, target, source)
}

export function tanh(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(TANH, first, end, target, source)
}

export function relu(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(RELU, first, end, target, source)
}

export function gelu(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(GELU, first, end, target, source)
}

export function geluTanh(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(GELU_TANH, first, end, target, source)
}

export function silu(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SILU, first, end, target, source)
}

export function negWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(NEG_WHOLE, first, end, target, source)
}

export function absWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(ABS_WHOLE, first, end, target, source)
}

export function squareWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SQUARE_WHOLE, first, end, target, source)
}

export function signWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SIGN_WHOLE, first, end, target, source)
}

export function notFlags(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(NOT_FLAGS, first, end, target, source)
}
