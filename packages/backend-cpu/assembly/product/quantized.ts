import { multiplyAdd, sumOfLanes } from '../vector'
import { quantizedRowBytes } from './quantize-rows'

/**
 * Columns whose products are added up as whole numbers. A lane gets a quarter of them, 512 of at most 128 times 32,767: together
 * 2,147,418,112, and 2^31 is 2,147,483,648. So no sum can overflow, whatever the weights are.
 */
const stretch: i32 = 2048
/** Columns of the weight that stay in the first cache while all rows are multiplied with them. */
const columnBlock: i32 = 8

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
  const blockSize = inner / blocks
  const rowBytes = <usize>quantizedRowBytes(inner, blocks)
  const outRow = (<usize>columns) << 2
  for (let column = first; column < end; column += columnBlock) {
    const count = min(columnBlock, end - column)
    const own = weight + <usize>column * <usize>inner
    const ownScales = scales + ((<usize>column * <usize>blocks) << 2)
    const ownBias = bias ? bias + ((<usize>column) << 2) : 0
    let target = out + ((<usize>column) << 2)
    let from = rounded
    let factor = factors
    let rest = rows
    for (; rest >= 4; rest -= 4) {
      quantized4(count, blocks, blockSize, from, rowBytes, factor, own, ownScales, ownBias, target, outRow)
      from += rowBytes << 2
      factor += 16
      target += outRow << 2
    }
    if (rest & 2) {
      quantized2(count, blocks, blockSize, from, rowBytes, factor, own, ownScales, ownBias, target, outRow)
      from += rowBytes << 1
      factor += 8
      target += outRow << 1
    }
    if (rest & 1) quantized1(count, blocks, blockSize, from, factor, own, ownScales, ownBias, target)
  }
}

// Exported, or the optimiser inlines them where registers are short.

export function quantized1(
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  factors: usize,
  weight: usize,
  scales: usize,
  bias: usize,
  out: usize,
): void {
  rowsTimesColumns(1, columns, blocks, blockSize, rounded, 0, factors, weight, scales, bias, out, 0)
}

export function quantized2(
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  weight: usize,
  scales: usize,
  bias: usize,
  out: usize,
  outRow: usize,
): void {
  rowsTimesColumns(2, columns, blocks, blockSize, rounded, rowBytes, factors, weight, scales, bias, out, outRow)
}

export function quantized4(
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  weight: usize,
  scales: usize,
  bias: usize,
  out: usize,
  outRow: usize,
): void {
  rowsTimesColumns(4, columns, blocks, blockSize, rounded, rowBytes, factors, weight, scales, bias, out, outRow)
}

/**
 * One, two or four rows times columns; `height` is a constant where it is called. Past the end of a block the rows are zeros:
 * what the last vector of the weight holds there is of no matter.
 */
@inline
function rowsTimesColumns(
  height: i32,
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  weight: usize,
  scales: usize,
  bias: usize,
  out: usize,
  outRow: usize,
): void {
  const factor0 = v128.load32_splat(factors)
  const factor1 = height > 1 ? v128.load32_splat(factors, 4) : factor0
  const factor2 = height > 2 ? v128.load32_splat(factors, 8) : factor0
  const factor3 = height > 2 ? v128.load32_splat(factors, 12) : factor0
  const pieces = blocks * ((blockSize + stretch - 1) / stretch)
  for (; columns > 0; --columns) {
    let row = rounded
    let total0 = f32x4.splat(0)
    let total1 = total0
    let total2 = total0
    let total3 = total0
    // A piece is a block, or a stretch of a longer one: two nested loops cost short blocks much less than three.
    let rest = blockSize
    for (let piece = pieces; piece > 0; --piece) {
      const length = min(stretch, rest)
      const scale = v128.load32_splat(scales)
      rest -= length
      if (rest == 0) {
        rest = blockSize
        scales += 4
      }
      let sum0 = i32x4.splat(0)
      let sum1 = sum0
      let sum2 = sum0
      let sum3 = sum0
      let from = weight
      weight += <usize>length
      if (height == 1) {
        // One row has half the sums: it adds up every second vector apart.
        const pairs = weight - 16
        for (; from < pairs; from += 32) {
          sum0 = addProducts(sum0, row, v128.load8x8_s(from), v128.load8x8_s(from, 8))
          sum1 = addProducts(sum1, row + 32, v128.load8x8_s(from, 16), v128.load8x8_s(from, 24))
          row += 64
        }
        if (from < weight) {
          sum0 = addProducts(sum0, row, v128.load8x8_s(from), v128.load8x8_s(from, 8))
          row += 32
        }
        sum0 = i32x4.add(sum0, sum1)
      } else {
        for (; from < weight; from += 16) {
          const low = v128.load8x8_s(from)
          const high = v128.load8x8_s(from, 8)
          sum0 = addProducts(sum0, row, low, high)
          sum1 = addProducts(sum1, row + rowBytes, low, high)
          if (height > 2) {
            sum2 = addProducts(sum2, row + 2 * rowBytes, low, high)
            sum3 = addProducts(sum3, row + 3 * rowBytes, low, high)
          }
          row += 32
        }
      }
      total0 = addScaled(total0, sum0, factor0, scale)
      if (height > 1) total1 = addScaled(total1, sum1, factor1, scale)
      if (height > 2) {
        total2 = addScaled(total2, sum2, factor2, scale)
        total3 = addScaled(total3, sum3, factor3, scale)
      }
    }
    let start: f32 = 0
    if (bias) {
      start = load<f32>(bias)
      bias += 4
    }
    store<f32>(out, sumOfLanes(total0) + start)
    if (height > 1) store<f32>(out + outRow, sumOfLanes(total1) + start)
    if (height > 2) {
      store<f32>(out + 2 * outRow, sumOfLanes(total2) + start)
      store<f32>(out + 3 * outRow, sumOfLanes(total3) + start)
    }
    out += 4
  }
}

/** Sixteen products of a row and a column, of which a lane gets four. */
@inline
function addProducts(sum: v128, row: usize, low: v128, high: v128): v128 {
  const lower = i32x4.dot_i16x8_s(v128.load(row), low)
  return i32x4.add(sum, i32x4.add(lower, i32x4.dot_i16x8_s(v128.load(row, 16), high)))
}

@inline
function addScaled(total: v128, sum: v128, factor: v128, scale: v128): v128 {
  return multiplyAdd(f32x4.convert_i32x4_s(sum), f32x4.mul(factor, scale), total)
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
