import { multiplyAdd } from '../vector'

/**
 * One row times 32 columns, or two or three rows times 16: so few rows of eight columns would have fewer sums under way than a
 * processor adds up at once. Columns lie in panels of eight, `panel` bytes apart; elsewhere it is as with the other tiles.
 */
@inline
function wide(
  height: i32,
  inner: i32,
  left: usize,
  leftRow: usize,
  leftStep: usize,
  right: usize,
  rightStep: usize,
  panel: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  // Sums 0 to 3 are the first row, or half a row of 32 columns.
  const second = height == 1 ? start + 64 : start + startRow
  let sum0 = v128.load(start)
  let sum1 = v128.load(start, 16)
  let sum2 = v128.load(start, 32)
  let sum3 = v128.load(start, 48)
  let sum4 = v128.load(second)
  let sum5 = v128.load(second, 16)
  let sum6 = v128.load(second, 32)
  let sum7 = v128.load(second, 48)
  let sum8 = sum0
  let sum9 = sum0
  let sum10 = sum0
  let sum11 = sum0
  if (height > 2) {
    const third = second + startRow
    sum8 = v128.load(third)
    sum9 = v128.load(third, 16)
    sum10 = v128.load(third, 32)
    sum11 = v128.load(third, 48)
  }
  let right1 = right + panel
  let right2 = right1 + panel
  let right3 = right2 + panel
  const middle = left + leftRow
  const lower = middle + leftRow
  let place: usize = 0
  for (let step = inner; step > 0; --step) {
    const factor = v128.load32_splat(left + place)
    const values0 = v128.load(right)
    const values1 = v128.load(right, 16)
    const values2 = v128.load(right1)
    const values3 = v128.load(right1, 16)
    sum0 = multiplyAdd(factor, values0, sum0)
    sum1 = multiplyAdd(factor, values1, sum1)
    sum2 = multiplyAdd(factor, values2, sum2)
    sum3 = multiplyAdd(factor, values3, sum3)
    if (height == 1) {
      sum4 = multiplyAdd(factor, v128.load(right2), sum4)
      sum5 = multiplyAdd(factor, v128.load(right2, 16), sum5)
      sum6 = multiplyAdd(factor, v128.load(right3), sum6)
      sum7 = multiplyAdd(factor, v128.load(right3, 16), sum7)
      right2 += rightStep
      right3 += rightStep
    } else {
      const next = v128.load32_splat(middle + place)
      sum4 = multiplyAdd(next, values0, sum4)
      sum5 = multiplyAdd(next, values1, sum5)
      sum6 = multiplyAdd(next, values2, sum6)
      sum7 = multiplyAdd(next, values3, sum7)
    }
    if (height > 2) {
      const last = v128.load32_splat(lower + place)
      sum8 = multiplyAdd(last, values0, sum8)
      sum9 = multiplyAdd(last, values1, sum9)
      sum10 = multiplyAdd(last, values2, sum10)
      sum11 = multiplyAdd(last, values3, sum11)
    }
    place += leftStep
    right += rightStep
    right1 += rightStep
  }
  storeRow(out, sum0, sum1, sum2, sum3)
  storeRow(height == 1 ? out + 64 : out + outRow, sum4, sum5, sum6, sum7)
  if (height > 2) storeRow(out + 2 * outRow, sum8, sum9, sum10, sum11)
}

@inline
function storeRow(out: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(out, a)
  v128.store(out, b, 16)
  v128.store(out, c, 32)
  v128.store(out, d, 48)
}

// Exported, or the optimiser inlines them where registers are short.

export function wide1(
  inner: i32,
  left: usize,
  leftStep: usize,
  right: usize,
  rightStep: usize,
  panel: usize,
  start: usize,
  out: usize,
): void {
  wide(1, inner, left, 0, leftStep, right, rightStep, panel, start, 0, out, 0)
}

export function wide2(
  inner: i32,
  left: usize,
  leftRow: usize,
  leftStep: usize,
  right: usize,
  rightStep: usize,
  panel: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  wide(2, inner, left, leftRow, leftStep, right, rightStep, panel, start, startRow, out, outRow)
}

export function wide3(
  inner: i32,
  left: usize,
  leftRow: usize,
  leftStep: usize,
  right: usize,
  rightStep: usize,
  panel: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  wide(3, inner, left, leftRow, leftStep, right, rightStep, panel, start, startRow, out, outRow)
}
