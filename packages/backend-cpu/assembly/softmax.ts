import { exponentialOfNegative } from './exponential'
import { firstLanes, largestLane, storeUpToFour, sumOfLanes } from './vector'

/** This many float32 numbers are added before their sum goes on as a double: what rounding adds up to stays small. */
const stretch: usize = 4096

/** The largest number of a row; what NaN does here matters not, since it spreads from the exponentials. */
export function peakOf(source: usize, width: i32): f32 {
  const end = source + ((<usize>width) << 2)
  let peaks = f32x4.splat(-Infinity)
  let others = peaks
  for (; source + 32 <= end; source += 32) {
    peaks = f32x4.pmax(peaks, v128.load(source))
    others = f32x4.pmax(others, v128.load(source, 16))
  }
  for (; source < end; source += 4) peaks = f32x4.pmax(peaks, v128.load32_splat(source))
  return largestLane(f32x4.pmax(peaks, others))
}

/** The exponentials of what four numbers have above `shifts`. */
@inline
function exponentialAbove(x: v128, shifts: v128): v128 {
  return exponentialOfNegative(f32x4.sub(x, shifts))
}

/**
 * The sum of the exponentials of what the numbers of a row have above `shift`, which are also written if `writes`. Four vectors side by
 * side, since one alone would wait for each of its steps.
 */
@inline
function addExponentials(writes: bool, target: usize, source: usize, width: i32, shift: f32): f64 {
  const end = source + ((<usize>width) << 2)
  const shifts = f32x4.splat(shift)
  let total: f64 = 0
  while (source < end) {
    const last = min(end, source + 4 * stretch)
    let sums = i32x4.splat(0)
    for (; source + 64 <= last; source += 64) {
      const x0 = v128.load(source)
      const x1 = v128.load(source, 16)
      const x2 = v128.load(source, 32)
      const x3 = v128.load(source, 48)
      const value0 = exponentialAbove(x0, shifts)
      const value1 = exponentialAbove(x1, shifts)
      const value2 = exponentialAbove(x2, shifts)
      const value3 = exponentialAbove(x3, shifts)
      if (writes) {
        v128.store(target, value0)
        v128.store(target, value1, 16)
        v128.store(target, value2, 32)
        v128.store(target, value3, 48)
        target += 64
      }
      sums = f32x4.add(sums, f32x4.add(f32x4.add(value0, value1), f32x4.add(value2, value3)))
    }
    for (; source < last; source += 16) {
      const count = min(4, <i32>(last - source) >> 2)
      const value = exponentialAbove(v128.load(source), shifts)
      if (writes) {
        storeUpToFour(target, value, count)
        target += 16
      }
      sums = f32x4.add(sums, v128.and(value, firstLanes(count)))
    }
    // Of a last vector that is not full, nothing is left.
    source = last
    total += <f64>sumOfLanes(sums)
  }
  return total
}

/** Writes the exponentials of what the numbers of a row have above `shift`, and returns their sum. */
export function exponentiateRow(target: usize, source: usize, width: i32, shift: f32): f64 {
  return addExponentials(true, target, source, width, shift)
}

/** The sum alone. */
export function sumOfExponentials(source: usize, width: i32, shift: f32): f64 {
  return addExponentials(false, 0, source, width, shift)
}

/** The sum of what the numbers of a row have above `shift`. */
export function sumAbove(source: usize, width: i32, shift: f32): f64 {
  const end = source + ((<usize>width) << 2)
  const shifts = f32x4.splat(shift)
  let total: f64 = 0
  while (source < end) {
    const last = min(end, source + 4 * stretch)
    let sums = i32x4.splat(0)
    for (; source + 16 <= last; source += 16) sums = f32x4.add(sums, f32x4.sub(v128.load(source), shifts))
    total += <f64>sumOfLanes(sums)
    for (; source < last; source += 4) total += <f64>(load<f32>(source) - shift)
  }
  return total
}

function scaleRow(row: usize, width: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  for (; width > 7; width -= 8) {
    v128.store(row, f32x4.mul(v128.load(row), factors))
    v128.store(row, f32x4.mul(v128.load(row, 16), factors), 16)
    row += 32
  }
  for (; width > 0; --width) {
    store<f32>(row, load<f32>(row) * factor)
    row += 4
  }
}

/** Writes the numbers of a row less `first`, less `second`. */
function shiftRow(target: usize, source: usize, width: i32, first: f32, second: f32): void {
  const firsts = f32x4.splat(first)
  const seconds = f32x4.splat(second)
  for (; width > 3; width -= 4) {
    v128.store(target, f32x4.sub(f32x4.sub(v128.load(source), firsts), seconds))
    source += 16
    target += 16
  }
  for (; width > 0; --width) {
    store<f32>(target, load<f32>(source) - first - second)
    source += 4
    target += 4
  }
}

// Units are rows.

export function softmax(first: i32, end: i32, target: usize, source: usize, width: i32): void {
  const bytes = (<usize>width) << 2
  source += <usize>first * bytes
  target += <usize>first * bytes
  for (let rows = end - first; rows > 0; --rows) {
    const total = exponentiateRow(target, source, width, peakOf(source, width))
    scaleRow(target, width, <f32>(1 / total))
    source += bytes
    target += bytes
  }
}

export function logSoftmax(first: i32, end: i32, target: usize, source: usize, width: i32): void {
  const bytes = (<usize>width) << 2
  source += <usize>first * bytes
  target += <usize>first * bytes
  for (let rows = end - first; rows > 0; --rows) {
    const peak = peakOf(source, width)
    const total = sumOfExponentials(source, width, peak)
    shiftRow(target, source, width, peak, <f32>Math.log(total))
    source += bytes
    target += bytes
  }
}
