import { thread } from '../team'
import { turnFourAt } from '../turn-four'
import { multiplyAdd } from '../vector'
import { activateBlock } from './epilogue'

// A single row reads each number of the matrix once, as fast as the memory gives them. In panels of 32 columns these lie one after the
// other from the first to the last, which is what processors fetch ahead best, and 32 columns have as many sums under way as they add up at once.

/** Working space of each thread: a panel's results, of which not all have a place, and what they begin with. */
const scratchBytes: usize = 256

export function rowScratchBytes(): usize {
  return scratchBytes
}

/**
 * Copies a matrix `[inner, columns]` whose columns' elements lie next to each other into panels of 32 columns; what lies beyond the last column is
 * zero. A unit is a panel.
 */
export function packRowPanels(
  first: i32,
  end: i32,
  inner: i32,
  columns: i32,
  right: usize,
  columnBytes: usize,
  packed: usize,
): void {
  const panelBytes = (<usize>inner) << 7
  for (let unit = first; unit < end; ++unit) {
    const panel = packed + <usize>unit * panelBytes
    const width = min(32, columns - (unit << 5))
    if (width < 32) memory.fill(panel, 0, panelBytes)
    const own = right + <usize>(unit << 5) * columnBytes
    let column = 0
    for (; column + 4 <= width; column += 4) {
      let from = own + <usize>column * columnBytes
      let to = panel + ((<usize>column) << 2)
      for (let count = inner >> 2; count > 0; --count) {
        turnFourAt(from, columnBytes, to, 128)
        from += 16
        to += 512
      }
      for (let next = column; next < column + 4; ++next) copyColumn(inner & ~3, inner, own, columnBytes, panel, next)
    }
    for (; column < width; ++column) copyColumn(0, inner, own, columnBytes, panel, column)
  }
}

function copyColumn(step: i32, inner: i32, right: usize, columnBytes: usize, panel: usize, column: i32): void {
  const from = right + <usize>column * columnBytes
  const to = panel + ((<usize>column) << 2)
  for (; step < inner; ++step) store<f32>(to + ((<usize>step) << 7), load<f32>(from + ((<usize>step) << 2)))
}

/** A row times the columns of panels, plus the bias unless its address is 0, through an activation. A unit is a panel. */
export function multiplyRow(
  first: i32,
  end: i32,
  inner: i32,
  columns: i32,
  left: usize,
  panels: usize,
  bias: usize,
  activation: i32,
  out: usize,
  scratch: usize,
): void {
  const results = scratch + <usize>thread * scratchBytes
  const begin = results + 128
  memory.fill(begin, 0, 128)
  for (let unit = first; unit < end; ++unit) {
    const column = (<usize>unit) << 5
    const width = min(32, columns - <i32>column)
    const own = out + (column << 2)
    const panel = panels + column * ((<usize>inner) << 2)
    const ownBias = bias + (column << 2)
    if (width == 32) multiplyPanel(inner, left, panel, bias ? ownBias : begin, own)
    else {
      const bytes = (<usize>width) << 2
      if (bias) memory.copy(begin, ownBias, bytes)
      multiplyPanel(inner, left, panel, begin, results)
      memory.copy(own, results, bytes)
    }
    if (activation) activateBlock(activation, own, 0, 1, width, results)
  }
}

function multiplyPanel(inner: i32, left: usize, panel: usize, start: usize, out: usize): void {
  let sum0 = v128.load(start)
  let sum1 = v128.load(start, 16)
  let sum2 = v128.load(start, 32)
  let sum3 = v128.load(start, 48)
  let sum4 = v128.load(start, 64)
  let sum5 = v128.load(start, 80)
  let sum6 = v128.load(start, 96)
  let sum7 = v128.load(start, 112)
  for (let step = inner; step > 0; --step) {
    const factor = v128.load32_splat(left)
    sum0 = multiplyAdd(factor, v128.load(panel), sum0)
    sum1 = multiplyAdd(factor, v128.load(panel, 16), sum1)
    sum2 = multiplyAdd(factor, v128.load(panel, 32), sum2)
    sum3 = multiplyAdd(factor, v128.load(panel, 48), sum3)
    sum4 = multiplyAdd(factor, v128.load(panel, 64), sum4)
    sum5 = multiplyAdd(factor, v128.load(panel, 80), sum5)
    sum6 = multiplyAdd(factor, v128.load(panel, 96), sum6)
    sum7 = multiplyAdd(factor, v128.load(panel, 112), sum7)
    left += 4
    panel += 128
  }
  v128.store(out, sum0)
  v128.store(out, sum1, 16)
  v128.store(out, sum2, 32)
  v128.store(out, sum3, 48)
  v128.store(out, sum4, 64)
  v128.store(out, sum5, 80)
  v128.store(out, sum6, 96)
  v128.store(out, sum7, 112)
}
