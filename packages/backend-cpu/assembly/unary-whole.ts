const NEG: i32 = 0
const ABS: i32 = 1
const SQUARE: i32 = 2
const SIGN: i32 = 3
const NOT: i32 = 4

@inline
function valueOf(formula: i32, x: v128): v128 {
  if (formula == NEG) return i32x4.neg(x)
  if (formula == ABS) return i32x4.abs(x)
  if (formula == SQUARE) return i32x4.mul(x, x)
  if (formula == SIGN) return i32x4.max_s(i32x4.min_s(x, i32x4.splat(1)), i32x4.splat(-1))
  return v128.xor(x, i8x16.splat(1))
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

// Units are vectors of four whole numbers, for `notFlags` of sixteen bytes. The last may go past the end.

export function negWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(NEG, first, end, target, source)
}

export function absWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(ABS, first, end, target, source)
}

export function squareWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SQUARE, first, end, target, source)
}

export function signWhole(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(SIGN, first, end, target, source)
}

export function notFlags(first: i32, end: i32, target: usize, source: usize): void {
  mapAll(NOT, first, end, target, source)
}
