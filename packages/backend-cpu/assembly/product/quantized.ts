import { multiplyAdd, storeUpToFour } from '../vector'
import { quantizedRowBytes } from './quantize-rows'
import { panelColumns, quantizedPanelBytes } from './quantized-panels'

/**
 * Products that are added up as whole numbers: 512 of at most 128 times 32,767 are 2,147,418,112 together, and 2^31 is
 * 2,147,483,648. So no sum can overflow, whatever the weights are.
 */
const stretch: i32 = 512

/**
 * Writes rows of 16 bits times panels of an int8 weight, with the scales `[columns, blocks]` of that, to `out` `[rows, columns]`,
 * plus the bias unless its address is 0. A unit is a panel.
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
  panels: usize,
  scales: usize,
  bias: usize,
  out: usize,
): void {
  const blockSize = inner / blocks
  const rowBytes = <usize>quantizedRowBytes(inner, blocks)
  const panelBytes = <usize>quantizedPanelBytes(inner, blocks)
  const outRow = (<usize>columns) << 2
  for (let panel = first; panel < end; ++panel) {
    const column = panel * panelColumns
    const count = min(panelColumns, columns - column)
    const own = panels + <usize>panel * panelBytes
    const ownScales = scales + ((<usize>column * <usize>blocks) << 2)
    const ownBias = bias ? bias + ((<usize>column) << 2) : 0
    let target = out + ((<usize>column) << 2)
    let from = rounded
    let factor = factors
    for (let rest = rows; rest > 0; rest -= 2) {
      if (rest == 1) quantized1(count, blocks, blockSize, from, factor, own, ownScales, ownBias, target)
      else quantized2(count, blocks, blockSize, from, rowBytes, factor, own, ownScales, ownBias, target, outRow)
      from += rowBytes << 1
      factor += 8
      target += outRow << 1
    }
  }
}

// Exported, or the optimiser inlines them where registers are short.

export function quantized1(
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  factors: usize,
  panel: usize,
  scales: usize,
  bias: usize,
  out: usize,
): void {
  rowsTimesPanel(1, columns, blocks, blockSize, rounded, 0, factors, panel, scales, bias, out, 0)
}

export function quantized2(
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  panel: usize,
  scales: usize,
  bias: usize,
  out: usize,
  outRow: usize,
): void {
  rowsTimesPanel(2, columns, blocks, blockSize, rounded, rowBytes, factors, panel, scales, bias, out, outRow)
}

/** One row or two times a panel, of whose columns there are as many as `columns`; `height` is a constant where it is called. */
@inline
function rowsTimesPanel(
  height: i32,
  columns: i32,
  blocks: i32,
  blockSize: i32,
  rounded: usize,
  rowBytes: usize,
  factors: usize,
  panel: usize,
  scales: usize,
  bias: usize,
  out: usize,
  outRow: usize,
): void {
  const scaleStep = (<usize>blocks) << 2
  const lastScale = <usize>(columns - 1) * scaleStep
  const factor0 = v128.load32_splat(factors)
  const factor1 = height > 1 ? v128.load32_splat(factors, 4) : factor0
  let total0 = f32x4.splat(0)
  let total1 = total0
  let total2 = total0
  let total3 = total0
  let total4 = total0
  let total5 = total0
  let total6 = total0
  let total7 = total0
  for (let block = blocks; block > 0; --block) {
    const scale0 = fourScales(scales, scaleStep, 0, lastScale)
    const scale1 = fourScales(scales, scaleStep, 4, lastScale)
    const scale2 = fourScales(scales, scaleStep, 8, lastScale)
    const scale3 = fourScales(scales, scaleStep, 12, lastScale)
    scales += 4
    for (let place = 0; place < blockSize; place += stretch) {
      let sum0 = i32x4.splat(0)
      let sum1 = sum0
      let sum2 = sum0
      let sum3 = sum0
      let sum4 = sum0
      let sum5 = sum0
      let sum6 = sum0
      let sum7 = sum0
      const end = rounded + ((<usize>((min(stretch, blockSize - place) + 1) & ~1)) << 1)
      for (; rounded < end; rounded += 4) {
        const pair = v128.load32_splat(rounded)
        const values0 = v128.load8x8_s(panel)
        const values1 = v128.load8x8_s(panel, 8)
        const values2 = v128.load8x8_s(panel, 16)
        const values3 = v128.load8x8_s(panel, 24)
        sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(pair, values0))
        sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(pair, values1))
        sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(pair, values2))
        sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(pair, values3))
        if (height > 1) {
          const lower = v128.load32_splat(rounded + rowBytes)
          sum4 = i32x4.add(sum4, i32x4.dot_i16x8_s(lower, values0))
          sum5 = i32x4.add(sum5, i32x4.dot_i16x8_s(lower, values1))
          sum6 = i32x4.add(sum6, i32x4.dot_i16x8_s(lower, values2))
          sum7 = i32x4.add(sum7, i32x4.dot_i16x8_s(lower, values3))
        }
        panel += 32
      }
      total0 = addScaled(total0, sum0, factor0, scale0)
      total1 = addScaled(total1, sum1, factor0, scale1)
      total2 = addScaled(total2, sum2, factor0, scale2)
      total3 = addScaled(total3, sum3, factor0, scale3)
      if (height > 1) {
        total4 = addScaled(total4, sum4, factor1, scale0)
        total5 = addScaled(total5, sum5, factor1, scale1)
        total6 = addScaled(total6, sum6, factor1, scale2)
        total7 = addScaled(total7, sum7, factor1, scale3)
      }
    }
  }
  finishRow(columns, total0, total1, total2, total3, bias, out)
  if (height > 1) finishRow(columns, total4, total5, total6, total7, bias, out + outRow)
}

/** The scales of four columns, one after the other `step` bytes apart, or of the last one where there are fewer. */
@inline
function fourScales(scales: usize, step: usize, first: usize, last: usize): v128 {
  let found = v128.load32_splat(scales + min(first * step, last))
  found = v128.load_lane<f32>(scales + min((first + 1) * step, last), found, 1)
  found = v128.load_lane<f32>(scales + min((first + 2) * step, last), found, 2)
  return v128.load_lane<f32>(scales + min((first + 3) * step, last), found, 3)
}

@inline
function addScaled(total: v128, sum: v128, factor: v128, scale: v128): v128 {
  return multiplyAdd(f32x4.convert_i32x4_s(sum), f32x4.mul(factor, scale), total)
}

@inline
function finishRow(columns: i32, a: v128, b: v128, c: v128, d: v128, bias: usize, out: usize): void {
  finishFour(columns, a, bias, out)
  finishFour(columns - 4, b, bias ? bias + 16 : 0, out + 16)
  finishFour(columns - 8, c, bias ? bias + 32 : 0, out + 32)
  finishFour(columns - 12, d, bias ? bias + 48 : 0, out + 48)
}

/** Adds the bias, and stores as many of four sums as there are columns. */
@inline
function finishFour(columns: i32, total: v128, bias: usize, out: usize): void {
  if (columns <= 0) return
  if (bias) total = f32x4.add(total, v128.load(bias))
  storeUpToFour(out, total, columns)
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
