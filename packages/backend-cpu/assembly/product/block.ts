import { packLeft, tileGap } from './pack'
import { runTile, tileRows } from './run-tile'
import { wide1, wide2, wide3 } from './wide'

/**
 * Separate additions leave no slots for stepping along each row: packed rows need one step for all. Fused ones read rows where they lie.
 */
const packsAlways: bool = !ASC_FEATURE_RELAXED_SIMD
/** A tile of a column that is narrower than eight, and after it 128 bytes of zeros: sums begin with them. */
const edgeBytes: usize = 6 * 32
export const blockScratchBytes: usize = edgeBytes + 128

/** Bytes that packed rows take. */
export function packedLeftBytes(rows: i32, steps: i32): i32 {
  return 4 * rows * steps + <i32>tileGap * ((rows + tileRows - 1) / tileRows)
}

/** Writes the zeros that `multiplyBlock` wants to find in its working space. */
export function prepareScratch(scratch: usize): void {
  memory.fill(scratch + edgeBytes, 0, 128)
}

/**
 * A block of rows with a block of columns, over a stretch of steps. The columns lie in panels of eight, `panelBytes` apart; the last, if it
 * is narrower, is in `packed`, which has all panels, filled with zeros.
 */
export function multiplyBlock(
  rows: i32,
  steps: i32,
  columns: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  panel: usize,
  panelBytes: usize,
  panelStep: usize,
  packed: usize,
  bias: usize,
  adds: bool,
  out: usize,
  outRow: usize,
  scratch: usize,
  packedLeft: usize,
): void {
  const zeros = scratch + edgeBytes
  let done = 0
  if (rows < 4) {
    done = multiplyFewRows(rows, steps, columns, left, leftRow, leftColumn, panel, panelBytes, panelStep, bias, adds, out, outRow, zeros)
    if (done == columns) return
    panel += <usize>(done >> 3) * panelBytes
  }
  const tiles = (rows + tileRows - 1) / tileRows
  const low = rows / tiles
  const higher = rows % tiles
  const packs = packsAlways || leftColumn != 4
  const gap = packs ? tileGap : 0
  if (packs) {
    packLeft(tiles, low, higher, steps, left, leftRow, leftColumn, packedLeft)
    left = packedLeft
    leftRow = <usize>steps << 2
  }
  for (let column = done; column < columns; column += 8) {
    const width = columns - column
    const own = out + ((<usize>column) << 2)
    let from = left
    let to = own
    const start = bias ? bias + ((<usize>column) << 2) : zeros
    if (width >= 8) {
      for (let tile = 0; tile < tiles; ++tile) {
        const height = low + i32(tile < higher)
        runTile(height, packs, steps, from, packs ? <usize>height << 2 : leftRow, panel, panelStep, adds ? to : start, adds ? outRow : 0, to, outRow)
        from += <usize>height * leftRow + gap
        to += <usize>height * outRow
      }
    } else {
      const edgePanel = packed + <usize>column * (<usize>steps << 2)
      const bytes = (<usize>width) << 2
      for (let tile = 0; tile < tiles; ++tile) {
        const height = low + i32(tile < higher)
        for (let row: usize = 0; row < <usize>height; ++row) {
          memory.copy(scratch + (row << 5), adds ? to + row * outRow : start, bytes)
        }
        runTile(height, packs, steps, from, packs ? <usize>height << 2 : leftRow, edgePanel, 32, scratch, 32, scratch, 32)
        for (let row: usize = 0; row < <usize>height; ++row) {
          memory.copy(to + row * outRow, scratch + (row << 5), bytes)
        }
        from += <usize>height * leftRow + gap
        to += <usize>height * outRow
      }
    }
    panel += panelBytes
  }
}

/** One, two or three rows with as many columns as wide tiles take; returns how many these were. */
function multiplyFewRows(
  rows: i32,
  steps: i32,
  columns: i32,
  left: usize,
  leftRow: usize,
  leftStep: usize,
  panel: usize,
  panelBytes: usize,
  panelStep: usize,
  bias: usize,
  adds: bool,
  out: usize,
  outRow: usize,
  zeros: usize,
): i32 {
  const width = rows == 1 ? 32 : 16
  const stride = <usize>(width >> 3) * panelBytes
  let column = 0
  for (; column + width <= columns; column += width) {
    const to = out + ((<usize>column) << 2)
    const start = adds ? to : bias ? bias + ((<usize>column) << 2) : zeros
    const startRow = adds ? outRow : 0
    if (rows == 1) wide1(steps, left, leftStep, panel, panelStep, panelBytes, start, to)
    else if (rows == 2) wide2(steps, left, leftRow, leftStep, panel, panelStep, panelBytes, start, startRow, to, outRow)
    else wide3(steps, left, leftRow, leftStep, panel, panelStep, panelBytes, start, startRow, to, outRow)
    panel += stride
  }
  return column
}
