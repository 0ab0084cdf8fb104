import { exponential, ones } from './exponential'
import { multiplyAdd } from './vector'

// Coefficients are read from memory: written into the code, engines make them again in each round of a loop.
const coefficients: usize = memory.data<f32>(
  [
    -1.5957691216, -1.5957691216, -1.5957691216, -1.5957691216,
    -0.0713548163, -0.0713548163, -0.0713548163, -0.0713548163,
    0.2140644489, 0.2140644489, 0.2140644489, 0.2140644489,
  ],
  16,
)

@inline
function coefficient(index: usize): v128 {
  return v128.load(coefficients + (index << 4))
}

@inline
function sigmoidOf(x: v128): v128 {
  return f32x4.div(ones(), f32x4.add(ones(), exponential(f32x4.neg(x))))
}

/** `1 - 2 / (1 + e^2x)`, and near zero, where that loses digits, the polynomial of Cephes. */
@inline
export function tanhOf(x: v128): v128 {
  const size = f32x4.abs(x)
  const far = f32x4.sub(
    ones(),
    f32x4.div(f32x4.splat(2), f32x4.add(ones(), exponential(f32x4.add(size, size)))),
  )
  const square = f32x4.mul(x, x)
  let near = multiplyAdd(f32x4.splat(-5.70498872745e-3), square, f32x4.splat(2.06390887954e-2))
  near = multiplyAdd(near, square, f32x4.splat(-5.37397155531e-2))
  near = multiplyAdd(near, square, f32x4.splat(1.33314422036e-1))
  near = multiplyAdd(near, square, f32x4.splat(-3.33332819422e-1))
  near = multiplyAdd(f32x4.mul(near, square), x, x)
  const signed = v128.bitselect(far, x, i32x4.splat(0x7fffffff))
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)))
}

/** NaN stays. */
@inline
function bounded(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(high)), f32x4.splat(low))
}

/** The exponential of `-2u`: `(1 + tanh(u)) / 2` is the sigmoid of `2u`. */
@inline
function geluTanhExponential(x: v128): v128 {
  return exponential(f32x4.mul(x, multiplyAdd(f32x4.mul(x, x), coefficient(1), coefficient(0))))
}

/** Finite, so that its product with `1 / (1 + e)` is a number. */
@inline
function finite(exponentials: v128): v128 {
  return f32x4.pmin(exponentials, f32x4.splat(1e30))
}

// The slopes need `1 - gate`, which loses its digits where the gate is close to 1: `e gate` has them.

@inline
function geluTanhSlope(value: v128): v128 {
  const x = bounded(value, -11, 11)
  const exponentials = finite(geluTanhExponential(x))
  const gate = f32x4.div(ones(), f32x4.add(ones(), exponentials))
  const inner = f32x4.sub(f32x4.mul(f32x4.mul(x, x), coefficient(2)), coefficient(0))
  return multiplyAdd(f32x4.mul(x, gate), f32x4.mul(f32x4.mul(exponentials, gate), inner), gate)
}

@inline
function siluSlope(value: v128): v128 {
  const x = bounded(value, -104, 40)
  const exponentials = finite(exponential(f32x4.neg(x)))
  const gate = f32x4.div(ones(), f32x4.add(ones(), exponentials))
  return f32x4.mul(gate, multiplyAdd(x, f32x4.mul(exponentials, gate), ones()))
}

// Units are vectors of four elements. The last may go past the end: `target` is a buffer of its own.

export function exp(first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, exponential(v128.load(source)))
    source += 16
    target += 16
  }
}

export function sigmoid(first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, sigmoidOf(v128.load(source)))
    source += 16
    target += 16
  }
}

export function tanh(first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, tanhOf(v128.load(source)))
    source += 16
    target += 16
  }
}

export function relu(first: i32, end: i32, target: usize, source: usize): void {
  const zero = i32x4.splat(0)
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, f32x4.max(v128.load(source), zero))
    source += 16
    target += 16
  }
}

export function geluTanh(first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    const x = v128.load(source)
    v128.store(target, f32x4.div(x, f32x4.add(ones(), geluTanhExponential(x))))
    source += 16
    target += 16
  }
}

export function silu(first: i32, end: i32, target: usize, source: usize): void {
  source += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    const x = v128.load(source)
    v128.store(target, f32x4.div(x, f32x4.add(ones(), exponential(f32x4.neg(x)))))
    source += 16
    target += 16
  }
}

export function geluTanhBackward(first: i32, end: i32, target: usize, source: usize, gradient: usize): void {
  source += (<usize>first) << 4
  gradient += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, f32x4.mul(v128.load(gradient), geluTanhSlope(v128.load(source))))
    source += 16
    gradient += 16
    target += 16
  }
}

export function siluBackward(first: i32, end: i32, target: usize, source: usize, gradient: usize): void {
  source += (<usize>first) << 4
  gradient += (<usize>first) << 4
  target += (<usize>first) << 4
  for (let count = end - first; count > 0; --count) {
    v128.store(target, f32x4.mul(v128.load(gradient), siluSlope(v128.load(source))))
    source += 16
    gradient += 16
    target += 16
  }
}
