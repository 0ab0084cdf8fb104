import { geluTanhSlope, siluSlope } from './activations'
import { geluSlope } from './gelu'

const GELU: i32 = 0
const GELU_TANH: i32 = 1
const SILU: i32 = 2

@inline
function slopeOf(formula: i32, x: v128): v128 {
  if (formula == GELU) return geluSlope(x)
  if (formula == GELU_TANH) return geluTanhSlope(x)
  return siluSlope(x)
}

/** Four vectors side by side, as in `mapAll`. */
@inline
function propagate(formula: i32, first: i32, end: i32, target: usize, source: usize, gradient: usize): void {
  source += (<usize>first) << 4
  gradient += (<usize>first) << 4
  target += (<usize>first) << 4
  let count = end - first
  for (; count > 3; count -= 4) {
    const x0 = v128.load(source)
    const x1 = v128.load(source, 16)
    const x2 = v128.load(source, 32)
    const x3 = v128.load(source, 48)
    const slope0 = slopeOf(formula, x0)
    const slope1 = slopeOf(formula, x1)
    const slope2 = slopeOf(formula, x2)
    const slope3 = slopeOf(formula, x3)
    const value0 = f32x4.mul(slope0, v128.load(gradient))
    const value1 = f32x4.mul(slope1, v128.load(gradient, 16))
    const value2 = f32x4.mul(slope2, v128.load(gradient, 32))
    const value3 = f32x4.mul(slope3, v128.load(gradient, 48))
    v128.store(target, value0)
    v128.store(target, value1, 16)
    v128.store(target, value2, 32)
    v128.store(target, value3, 48)
    source += 64
    gradient += 64
    target += 64
  }
  for (; count > 0; --count) {
    v128.store(target, f32x4.mul(slopeOf(formula, v128.load(source)), v128.load(gradient)))
    source += 16
    gradient += 16
    target += 16
  }
}

// Units are vectors of four elements. The last may go past the end: `target` is a buffer of its own.

export function geluBackward(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  gradient: usize,
): void {
  propagate(GELU, first, end, target, source, gradient)
}

export function geluTanhBackward(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  gradient: usize,
): void {
  propagate(GELU_TANH, first, end, target, source, gradient)
}

export function siluBackward(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  gradient: usize,
): void {
  propagate(SILU, first, end, target, source, gradient)
}
