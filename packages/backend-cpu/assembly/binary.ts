const ADD: i32 = 0
const SUB: i32 = 1
const MUL: i32 = 2
const DIV: i32 = 3
const MAXIMUM: i32 = 4
const MINIMUM: i32 = 5

@inline
function combine(formula: i32, a: v128, b: v128): v128 {
  if (formula == ADD) return f32x4.add(a, b)
  if (formula == SUB) return f32x4.sub(a, b)
  if (formula == MUL) return f32x4.mul(a, b)
  if (formula == DIV) return f32x4.div(a, b)
  if (formula == MAXIMUM) return f32x4.max(a, b)
  return f32x4.min(a, b)
}

/** One row: each operand goes along it, or stays where its step is 0. Writes nothing past its end. */
@inline
function combineRow(
  formula: i32,
  target: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  columns: i32,
): void {
  if (aStep && bStep) {
    for (; columns > 7; columns -= 8) {
      const first = combine(formula, v128.load(a), v128.load(b))
      v128.store(target, first)
      v128.store(target, combine(formula, v128.load(a, 16), v128.load(b, 16)), 16)
      a += 32
      b += 32
      target += 32
    }
  } else if (aStep) {
    const right = v128.load32_splat(b)
    for (; columns > 3; columns -= 4) {
      v128.store(target, combine(formula, v128.load(a), right))
      a += 16
      target += 16
    }
  } else if (bStep) {
    const left = v128.load32_splat(a)
    for (; columns > 3; columns -= 4) {
      v128.store(target, combine(formula, left, v128.load(b)))
      b += 16
      target += 16
    }
  }
  for (; columns > 0; --columns) {
    v128.store_lane<f32>(target, combine(formula, v128.load32_splat(a), v128.load32_splat(b)), 0)
    a += aStep
    b += bStep
    target += 4
  }
}

@inline
function combineMatrix(
  formula: i32,
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  for (; rows > 0; --rows) {
    combineRow(formula, target, a, aStep, b, bStep, columns)
    a += aRow
    b += bRow
    target += (<usize>columns) << 2
  }
}

// Two matrices into a dense one; the operands' steps from column to column are 4 bytes or none.

export function add(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  combineMatrix(ADD, target, a, aRow, aStep, b, bRow, bStep, rows, columns)
}

export function sub(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  combineMatrix(SUB, target, a, aRow, aStep, b, bRow, bStep, rows, columns)
}

export function mul(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  combineMatrix(MUL, target, a, aRow, aStep, b, bRow, bStep, rows, columns)
}

export function div(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  combineMatrix(DIV, target, a, aRow, aStep, b, bRow, bStep, rows, columns)
}

export function maximum(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  combineMatrix(MAXIMUM, target, a, aRow, aStep, b, bRow, bStep, rows, columns)
}

export function minimum(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  combineMatrix(MINIMUM, target, a, aRow, aStep, b, bRow, bStep, rows, columns)
}
