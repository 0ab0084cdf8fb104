import { exponentialOfNegative } from './exponential'
import { largestLane, sumOfLanes } from './vector'

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

/** Writes the exponentials of what the numbers of a row have above `shift`, and returns their sum. */
export function exponentiateRow(target: usize, source: usize, width: i32, shift: f32): f64 {
  const end = source + ((<usize>width) << 2)
  const shifts = f32x4.splat(shift)
  let total: f64 = 0
  while (source < end) {
    const last = min(end, source + 4 * stretch)
    let sums = i32x4.splat(0)
    for (; source + 16 <= last; source += 16) {
      const value = exponentialOfNegative(f32x4.sub(v128.load(source), shifts))
      v128.store(target, value)
      sums = f32x4.add(sums, value)
      target += 16
    }
    total += <f64>sumOfLanes(sums)
    for (; source < last; source += 4) {
      const value = exponentialOfNegative(f32x4.sub(v128.load32_splat(source), shifts))
      v128.store_lane<f32>(target, value, 0)
      total += <f64>f32x4.extract_lane(value, 0)
      target += 4
    }
  }
  return total
}

/** The sum alone. */
export function sumOfExponentials(source: usize, width: i32, shift: f32): f64 {
  const end = source + ((<usize>width) << 2)
  const shifts = f32x4.splat(shift)
  let total: f64 = 0
  while (source < end) {
    const last = min(end, source + 4 * stretch)
    let sums = i32x4.splat(0)
    for (; source + 16 <= last; source += 16) {
      sums = f32x4.add(sums, exponentialOfNegative(f32x4.sub(v128.load(source), shifts)))
    }
    total += <f64>sumOfLanes(sums)
    for (; source < last; source += 4) {
      const value = exponentialOfNegative(f32x4.sub(v128.load32_splat(source), shifts))
      total += <f64>f32x4.extract_lane(value, 0)
    }
  }
  return total
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

export function scaleRow(row: usize, width: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  for (; width > 3; width -= 4) {
    v128.store(row, f32x4.mul(v128.load(row), factors))
    row += 16
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

export function softmax(target: usize, source: usize, rows: i32, width: i32): void {
  for (; rows > 0; --rows) {
    const total = exponentiateRow(target, source, width, peakOf(source, width))
    scaleRow(target, width, <f32>(1 / total))
    source += (<usize>width) << 2
    target += (<usize>width) << 2
  }
}

export function logSoftmax(target: usize, source: usize, rows: i32, width: i32): void {
  for (; rows > 0; --rows) {
    const peak = peakOf(source, width)
    const total = sumOfExponentials(source, width, peak)
    shiftRow(target, source, width, peak, <f32>Math.log(total))
    source += (<usize>width) << 2
    target += (<usize>width) << 2
  }
}
