import { multiplyAdd, sumOfLanes } from '../vector'

/**
 * The product of a few rows with columns that lie along the inner axis, read where they lie: for few rows, packing would take
 * longer than the product.
 */
export function multiplyByDots(
  rows: i32,
  inner: i32,
  columns: i32,
  left: usize,
  leftRow: usize,
  right: usize,
  rightColumn: usize,
  bias: usize,
  adds: bool,
  out: usize,
  outRow: usize,
): void {
  let row = 0
  for (; row + 2 <= rows; row += 2) {
    let column = 0
    let from = right
    for (; column + 4 <= columns; column += 4) {
      dots(true, 4, inner, left, leftRow, from, rightColumn, bias ? bias + ((<usize>column) << 2) : 0, adds, out + ((<usize>column) << 2), outRow)
      from += rightColumn << 2
    }
    for (; column < columns; ++column) {
      dots(true, 1, inner, left, leftRow, from, rightColumn, bias ? bias + ((<usize>column) << 2) : 0, adds, out + ((<usize>column) << 2), outRow)
      from += rightColumn
    }
    left += leftRow << 1
    out += outRow << 1
  }
  if (row == rows) return
  let column = 0
  for (; column + 4 <= columns; column += 4) {
    dots(false, 4, inner, left, leftRow, right, rightColumn, bias ? bias + ((<usize>column) << 2) : 0, adds, out + ((<usize>column) << 2), outRow)
    right += rightColumn << 2
  }
  for (; column < columns; ++column) {
    dots(false, 1, inner, left, leftRow, right, rightColumn, bias ? bias + ((<usize>column) << 2) : 0, adds, out + ((<usize>column) << 2), outRow)
    right += rightColumn
  }
}

/** One row or two times `width` columns, one or four; both are constants where it is called. */
@inline
function dots(
  two: bool,
  width: i32,
  inner: i32,
  left: usize,
  leftRow: usize,
  right: usize,
  rightColumn: usize,
  bias: usize,
  adds: bool,
  out: usize,
  outRow: usize,
): void {
  const zero = i32x4.splat(0)
  let sum00 = zero
  let sum01 = zero
  let sum02 = zero
  let sum03 = zero
  let sum10 = zero
  let sum11 = zero
  let sum12 = zero
  let sum13 = zero
  let lower = left + leftRow
  let column0 = right
  let column1 = right + rightColumn
  let column2 = column1 + rightColumn
  let column3 = column2 + rightColumn
  let steps = inner >> 2
  if (!two && width > 1) {
    // One row alone has half the sums: it adds up every second vector apart.
    for (; steps > 1; steps -= 2) {
      const values = v128.load(left)
      const next = v128.load(left, 16)
      sum00 = multiplyAdd(values, v128.load(column0), sum00)
      sum10 = multiplyAdd(next, v128.load(column0, 16), sum10)
      sum01 = multiplyAdd(values, v128.load(column1), sum01)
      sum11 = multiplyAdd(next, v128.load(column1, 16), sum11)
      sum02 = multiplyAdd(values, v128.load(column2), sum02)
      sum12 = multiplyAdd(next, v128.load(column2, 16), sum12)
      sum03 = multiplyAdd(values, v128.load(column3), sum03)
      sum13 = multiplyAdd(next, v128.load(column3, 16), sum13)
      left += 32
      column0 += 32
      column1 += 32
      column2 += 32
      column3 += 32
    }
    sum00 = f32x4.add(sum00, sum10)
    sum01 = f32x4.add(sum01, sum11)
    sum02 = f32x4.add(sum02, sum12)
    sum03 = f32x4.add(sum03, sum13)
  }
  for (; steps > 0; --steps) {
    const upperValues = v128.load(left)
    const lowerValues = two ? v128.load(lower) : zero
    const values0 = v128.load(column0)
    sum00 = multiplyAdd(upperValues, values0, sum00)
    if (two) sum10 = multiplyAdd(lowerValues, values0, sum10)
    if (width > 1) {
      const values1 = v128.load(column1)
      sum01 = multiplyAdd(upperValues, values1, sum01)
      if (two) sum11 = multiplyAdd(lowerValues, values1, sum11)
      const values2 = v128.load(column2)
      sum02 = multiplyAdd(upperValues, values2, sum02)
      if (two) sum12 = multiplyAdd(lowerValues, values2, sum12)
      const values3 = v128.load(column3)
      sum03 = multiplyAdd(upperValues, values3, sum03)
      if (two) sum13 = multiplyAdd(lowerValues, values3, sum13)
    }
    left += 16
    lower += 16
    column0 += 16
    column1 += 16
    column2 += 16
    column3 += 16
  }
  const rest = inner & 3
  if (width > 1 && !rest) {
    finishFour(sum00, sum01, sum02, sum03, bias, adds, out)
    if (two) finishFour(sum10, sum11, sum12, sum13, bias, adds, out + outRow)
    return
  }
  finish(sum00, rest, left, column0, bias, adds, out)
  if (width > 1) {
    finish(sum01, rest, left, column1, bias ? bias + 4 : 0, adds, out + 4)
    finish(sum02, rest, left, column2, bias ? bias + 8 : 0, adds, out + 8)
    finish(sum03, rest, left, column3, bias ? bias + 12 : 0, adds, out + 12)
  }
  if (two) {
    out += outRow
    finish(sum10, rest, lower, column0, bias, adds, out)
    if (width > 1) {
      finish(sum11, rest, lower, column1, bias ? bias + 4 : 0, adds, out + 4)
      finish(sum12, rest, lower, column2, bias ? bias + 8 : 0, adds, out + 8)
      finish(sum13, rest, lower, column3, bias ? bias + 12 : 0, adds, out + 12)
    }
  }
}

/** The sums of four columns at once, in the order in which `sumOfLanes` adds. */
@inline
function finishFour(a: v128, b: v128, c: v128, d: v128, bias: usize, adds: bool, out: usize): void {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7))
  let totals = f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7))
  if (bias) totals = f32x4.add(totals, v128.load(bias))
  if (adds) totals = f32x4.add(totals, v128.load(out))
  v128.store(out, totals)
}

/** The steps that are left after whole vectors, the bias, and what is there already. */
function finish(sums: v128, rest: i32, left: usize, right: usize, bias: usize, adds: bool, out: usize): void {
  let total = sumOfLanes(sums)
  for (; rest > 0; --rest) {
    total += load<f32>(left) * load<f32>(right)
    left += 4
    right += 4
  }
  if (bias) total += load<f32>(bias)
  if (adds) total += load<f32>(out)
  store<f32>(out, total)
}
