import { multiplyAdd } from '../vector'

/**
 * A tile of up to six rows and eight columns of a product: its sums stay in registers from the first step to the last.
 * They begin with what lies at `start`: zeros, a bias, or what the tile holds already.
 *
 * `height` and `turned` are constants where it is called: the compiler drops what they leave out. The left matrix is read
 * where it lies, along its rows, or turned, with the rows next to each other.
 */
@inline
function tile(
  height: i32,
  turned: bool,
  inner: i32,
  left: usize,
  leftRow: usize,
  leftStep: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  let row0 = left
  let sum00 = v128.load(start)
  let sum01 = v128.load(start, 16)
  let row1: usize = 0
  let sum10 = i32x4.splat(0)
  let sum11 = i32x4.splat(0)
  let row2: usize = 0
  let sum20 = i32x4.splat(0)
  let sum21 = i32x4.splat(0)
  let row3: usize = 0
  let sum30 = i32x4.splat(0)
  let sum31 = i32x4.splat(0)
  let row4: usize = 0
  let sum40 = i32x4.splat(0)
  let sum41 = i32x4.splat(0)
  let row5: usize = 0
  let sum50 = i32x4.splat(0)
  let sum51 = i32x4.splat(0)
  if (height > 1) {
    row1 = row0 + leftRow
    start += startRow
    sum10 = v128.load(start)
    sum11 = v128.load(start, 16)
  }
  if (height > 2) {
    row2 = row1 + leftRow
    start += startRow
    sum20 = v128.load(start)
    sum21 = v128.load(start, 16)
  }
  if (height > 3) {
    row3 = row2 + leftRow
    start += startRow
    sum30 = v128.load(start)
    sum31 = v128.load(start, 16)
  }
  if (height > 4) {
    row4 = row3 + leftRow
    start += startRow
    sum40 = v128.load(start)
    sum41 = v128.load(start, 16)
  }
  if (height > 5) {
    row5 = row4 + leftRow
    start += startRow
    sum50 = v128.load(start)
    sum51 = v128.load(start, 16)
  }
  for (let step = inner; step > 0; --step) {
    const right0 = v128.load(right)
    const right1 = v128.load(right, 16)
    right += rightStep
    {
      const factor = turned ? v128.load32_splat(left, 0) : v128.load32_splat(row0)
      sum00 = multiplyAdd(factor, right0, sum00)
      sum01 = multiplyAdd(factor, right1, sum01)
      row0 += 4
    }
    if (height > 1) {
      const factor = turned ? v128.load32_splat(left, 4) : v128.load32_splat(row1)
      sum10 = multiplyAdd(factor, right0, sum10)
      sum11 = multiplyAdd(factor, right1, sum11)
      row1 += 4
    }
    if (height > 2) {
      const factor = turned ? v128.load32_splat(left, 8) : v128.load32_splat(row2)
      sum20 = multiplyAdd(factor, right0, sum20)
      sum21 = multiplyAdd(factor, right1, sum21)
      row2 += 4
    }
    if (height > 3) {
      const factor = turned ? v128.load32_splat(left, 12) : v128.load32_splat(row3)
      sum30 = multiplyAdd(factor, right0, sum30)
      sum31 = multiplyAdd(factor, right1, sum31)
      row3 += 4
    }
    if (height > 4) {
      const factor = turned ? v128.load32_splat(left, 16) : v128.load32_splat(row4)
      sum40 = multiplyAdd(factor, right0, sum40)
      sum41 = multiplyAdd(factor, right1, sum41)
      row4 += 4
    }
    if (height > 5) {
      const factor = turned ? v128.load32_splat(left, 20) : v128.load32_splat(row5)
      sum50 = multiplyAdd(factor, right0, sum50)
      sum51 = multiplyAdd(factor, right1, sum51)
      row5 += 4
    }
    left += leftStep
  }
  v128.store(out, sum00)
  v128.store(out, sum01, 16)
  if (height > 1) {
    out += outRow
    v128.store(out, sum10)
    v128.store(out, sum11, 16)
  }
  if (height > 2) {
    out += outRow
    v128.store(out, sum20)
    v128.store(out, sum21, 16)
  }
  if (height > 3) {
    out += outRow
    v128.store(out, sum30)
    v128.store(out, sum31, 16)
  }
  if (height > 4) {
    out += outRow
    v128.store(out, sum40)
    v128.store(out, sum41, 16)
  }
  if (height > 5) {
    out += outRow
    v128.store(out, sum50)
    v128.store(out, sum51, 16)
  }
}

// Each is exported: the optimizer would inline them into one function that is too large for the registers.

export function straight1(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(1, false, inner, left, leftStride, 0, right, rightStep, start, startRow, out, outRow)
}

export function straight2(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(2, false, inner, left, leftStride, 0, right, rightStep, start, startRow, out, outRow)
}

export function straight3(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(3, false, inner, left, leftStride, 0, right, rightStep, start, startRow, out, outRow)
}

export function straight4(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(4, false, inner, left, leftStride, 0, right, rightStep, start, startRow, out, outRow)
}

export function straight5(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(5, false, inner, left, leftStride, 0, right, rightStep, start, startRow, out, outRow)
}

export function straight6(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(6, false, inner, left, leftStride, 0, right, rightStep, start, startRow, out, outRow)
}

export function turned1(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(1, true, inner, left, 0, leftStride, right, rightStep, start, startRow, out, outRow)
}

export function turned2(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(2, true, inner, left, 0, leftStride, right, rightStep, start, startRow, out, outRow)
}

export function turned3(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(3, true, inner, left, 0, leftStride, right, rightStep, start, startRow, out, outRow)
}

export function turned4(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(4, true, inner, left, 0, leftStride, right, rightStep, start, startRow, out, outRow)
}

export function turned5(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(5, true, inner, left, 0, leftStride, right, rightStep, start, startRow, out, outRow)
}

export function turned6(
  inner: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  tile(6, true, inner, left, 0, leftStride, right, rightStep, start, startRow, out, outRow)
}
