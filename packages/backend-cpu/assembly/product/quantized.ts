import { multiplyAdd, sumOfLanes } from '../vector'
import { quantizedRowBytes, quantizedStretches, stretch } from './quantize-rows'

/**
 * Writes rows of 16 bits times an int8 weight `[columns, inner]` with its scales `[columns, blocks]` to `out` `[rows, columns]`,
 * plus the bias unless its address is 0. A unit is a column.
 *
 * The weight is read where it lies, one column after the other: from memory, several columns at once arrive at a third of the speed.
 */
export function multiplyQuantized(
  first: i32,
  end: i32,
  rows: i32,
  inner: i32,
  columns: i32,
  blocks: i32,
  rounded: usize,
  factors: usize,
  weight: usize,
  scales: usize,
  bias: usize,
  out: usize,
): void {
  const rowBytes = <usize>quantizedRowBytes(inner, blocks)
  const factorBytes = (<usize>quantizedStretches(inner, blocks)) << 2
  const outRow = (<usize>columns) << 2
  for (let column = <usize>first; column < <usize>end; ++column) {
    const own = weight + column * <usize>inner
    const ownScales = scales + ((column * <usize>blocks) << 2)
    const start: f32 = bias ? load<f32>(bias + (column << 2)) : 0
    let rest = rows
    let from = rounded
    let factor = factors
    let target = out + (column << 2)
    for (; rest >= 4; rest -= 4) {
      quantized4(inner, blocks, from, rowBytes, factor, factorBytes, own, ownScales, start, target, outRow)
      from += rowBytes << 2
      factor += factorBytes << 2
      target += outRow << 2
    }
    if (rest & 2) {
      quantized2(inner, blocks, from, rowBytes, factor, factorBytes, own, ownScales, start, target, outRow)
      from += rowBytes << 1
      factor += factorBytes << 1
      target += outRow << 1
    }
    if (rest & 1) quantized1(inner, blocks, from, factor, own, ownScales, start, target)
  }
}

// Exported, or the optimiser inlines them where registers are short.

export function quantized1(
  inner: i32,
  blocks: i32,
  rounded: usize,
  factors: usize,
  weight: usize,
  scales: usize,
  start: f32,
  out: usize,
): void {
  rowsTimesColumn(1, inner, blocks, rounded, 0, factors, 0, weight, scales, start, out, 0)
}

export function quantized2(
  inner: i32,
  blocks: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  factorBytes: usize,
  weight: usize,
  scales: usize,
  start: f32,
  out: usize,
  outRow: usize,
): void {
  rowsTimesColumn(2, inner, blocks, rounded, rowBytes, factors, factorBytes, weight, scales, start, out, outRow)
}

export function quantized4(
  inner: i32,
  blocks: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  factorBytes: usize,
  weight: usize,
  scales: usize,
  start: f32,
  out: usize,
  outRow: usize,
): void {
  rowsTimesColumn(4, inner, blocks, rounded, rowBytes, factors, factorBytes, weight, scales, start, out, outRow)
}

/**
 * One, two or four rows times a column; `height` is a constant where it is called. Past the end of a stretch the rows are zeros:
 * what the last vector of the weight holds there is of no matter.
 */
@inline
function rowsTimesColumn(
  height: i32,
  inner: i32,
  blocks: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  factorBytes: usize,
  weight: usize,
  scales: usize,
  start: f32,
  out: usize,
  outRow: usize,
): void {
  const blockSize = inner / blocks
  let total0 = f32x4.splat(0)
  let total1 = total0
  let total2 = total0
  let total3 = total0
  for (let block = 0; block < blocks; ++block) {
    const scale = v128.load32_splat(scales)
    scales += 4
    for (let place = 0; place < blockSize; place += stretch) {
      const length = min(stretch, blockSize - place)
      let sum0 = i32x4.splat(0)
      let sum1 = sum0
      let sum2 = sum0
      let sum3 = sum0
      let from = weight
      let steps = (length + 15) >> 4
      if (height == 1) {
        // One row has half the sums: it adds up every second vector apart.
        for (; steps > 1; steps -= 2) {
          sum0 = addProducts(sum0, rounded, v128.load8x8_s(from), v128.load8x8_s(from, 8))
          sum1 = addProducts(sum1, rounded + 32, v128.load8x8_s(from, 16), v128.load8x8_s(from, 24))
          rounded += 64
          from += 32
        }
        sum0 = i32x4.add(sum0, sum1)
      }
      for (; steps > 0; --steps) {
        const low = v128.load8x8_s(from)
        const high = v128.load8x8_s(from, 8)
        sum0 = addProducts(sum0, rounded, low, high)
        if (height > 1) sum1 = addProducts(sum1, rounded + rowBytes, low, high)
        if (height > 2) {
          sum2 = addProducts(sum2, rounded + 2 * rowBytes, low, high)
          sum3 = addProducts(sum3, rounded + 3 * rowBytes, low, high)
        }
        rounded += 32
        from += 16
      }
      weight += <usize>length
      total0 = addScaled(total0, sum0, factors, scale)
      if (height > 1) total1 = addScaled(total1, sum1, factors + factorBytes, scale)
      if (height > 2) {
        total2 = addScaled(total2, sum2, factors + 2 * factorBytes, scale)
        total3 = addScaled(total3, sum3, factors + 3 * factorBytes, scale)
      }
      factors += 4
    }
  }
  store<f32>(out, sumOfLanes(total0) + start)
  if (height > 1) store<f32>(out + outRow, sumOfLanes(total1) + start)
  if (height > 2) {
    store<f32>(out + 2 * outRow, sumOfLanes(total2) + start)
    store<f32>(out + 3 * outRow, sumOfLanes(total3) + start)
  }
}

/** Sixteen products of a row and a column, of which a lane gets four. */
@inline
function addProducts(sum: v128, row: usize, low: v128, high: v128): v128 {
  const lower = i32x4.dot_i16x8_s(v128.load(row), low)
  return i32x4.add(sum, i32x4.add(lower, i32x4.dot_i16x8_s(v128.load(row, 16), high)))
}

@inline
function addScaled(total: v128, sum: v128, factor: usize, scale: v128): v128 {
  return multiplyAdd(f32x4.convert_i32x4_s(sum), f32x4.mul(v128.load32_splat(factor), scale), total)
}

/** Writes the numbers that an int8 weight `[rows, inner]` with its scales `[rows, blocks]` stands for. A unit is a row. */
export function dequantize(first: i32, end: i32, inner: i32, blocks: i32, weight: usize, scales: usize, out: usize): void {
  const blockSize = inner / blocks
  const whole = blockSize & ~7
  weight += <usize>first * <usize>inner
  scales += (<usize>first * <usize>blocks) << 2
  out += (<usize>first * <usize>inner) << 2
  for (let block = (end - first) * blocks; block > 0; --block) {
    const scale = v128.load32_splat(scales)
    scales += 4
    for (let column = 0; column < whole; column += 8) {
      const values = v128.load8x8_s(weight)
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values)), scale))
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values)), scale), 16)
      weight += 8
      out += 32
    }
    for (let column = whole; column < blockSize; ++column) {
      store<f32>(out, <f32>load<i8>(weight) * f32x4.extract_lane(scale, 0))
      weight += 1
      out += 4
    }
  }
}
