import { multiplyByDots } from './dot'
import { packLeft, packRight } from './pack'
import {
  straight1,
  straight2,
  straight3,
  straight4,
  straight5,
  straight6,
  turned1,
  turned2,
  turned3,
  turned4,
  turned5,
  turned6,
} from './tile'

/** Separate additions need one register more than fused ones: six rows would spill. */
const tileRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5
/** Steps at a time: a packed panel of this many stays in the first cache. */
const innerBlock: i32 = 512
/** Packed columns at a time, and rows that are multiplied with them: both stay in the second cache. */
const columnBlock: i32 = 256
const rowBlock: i32 = 240
/** Up to this many rows, packing costs more than it saves. */
const fewRows: i32 = 8
/** Rows further apart than this many bytes fall into few sets of the first cache. */
const farApart: usize = 2048
const edgeBytes: usize = 6 * 32

/** What `multiply` needs of working space. */
export function multiplyScratchBytes(rows: i32, inner: i32, columns: i32): i32 {
  const steps = min(inner, innerBlock)
  const bytes = <i32>edgeBytes + 32 + 4 * steps * (min(columns + 7, columnBlock) + min(rows, rowBlock))
  return (bytes + 63) & ~63
}

/**
 * Writes, or adds where `adds` is set, `left` `[rows, inner]` times `right` `[inner, columns]` to `out`, plus the bias unless its
 * address is 0. Strides and addresses are in bytes; the elements of a row of `out` lie next to each other.
 */
export function multiply(
  rows: i32,
  inner: i32,
  columns: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  right: usize,
  rightRow: usize,
  rightColumn: usize,
  bias: usize,
  adds: bool,
  out: usize,
  outRow: usize,
  scratch: usize,
): void {
  if ((rows <= fewRows || columns <= 2) && leftColumn == 4 && rightRow == 4) {
    multiplyByDots(rows, inner, columns, left, leftRow, right, rightColumn, bias, adds, out, outRow)
    return
  }
  const zeros = scratch + edgeBytes
  v128.store(zeros, i32x4.splat(0))
  v128.store(zeros, i32x4.splat(0), 16)
  const packed = zeros + 32
  for (let column = 0; column < columns; column += columnBlock) {
    const width = min(columnBlock, columns - column)
    const ownBias = bias ? bias + ((<usize>column) << 2) : 0
    const ownOut = out + ((<usize>column) << 2)
    let step = 0
    do {
      const steps = min(innerBlock, inner - step)
      const ownRight = right + <usize>step * rightRow + <usize>column * rightColumn
      const direct = rows <= fewRows && rightColumn == 4
      if (!direct) packRight(steps, width, ownRight, rightRow, rightColumn, packed)
      else if (width & 7) {
        const whole = <usize>(width & ~7)
        packRight(steps, width & 7, ownRight + (whole << 2), rightRow, 4, packed + whole * (<usize>steps << 2))
      }
      const panel = direct ? ownRight : packed
      for (let row = 0; row < rows; row += rowBlock) {
        multiplyBlock(
          min(rowBlock, rows - row),
          steps,
          width,
          left + <usize>row * leftRow + <usize>step * leftColumn,
          leftRow,
          leftColumn,
          panel,
          direct ? 32 : <usize>steps << 5,
          direct ? rightRow : 32,
          packed,
          ownBias,
          adds || step > 0,
          ownOut + <usize>row * outRow,
          outRow,
          scratch,
          packed + ((<usize>steps * <usize>((width + 7) & ~7)) << 2),
        )
      }
      step += innerBlock
    } while (step < inner)
  }
}

/** A block of rows with a block of columns, over a stretch of steps. */
function multiplyBlock(
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
  let turned = leftColumn != 4
  if (turned && (leftRow != 4 || leftColumn >= farApart)) {
    packLeft(rows, steps, left, leftRow, leftColumn, packedLeft)
    left = packedLeft
    leftRow = 4
    leftColumn = <usize>rows << 2
  }
  const tiles = (rows + tileRows - 1) / tileRows
  const low = rows / tiles
  const higher = rows % tiles
  const zeros = scratch + edgeBytes
  for (let column = 0; column < columns; column += 8) {
    const width = columns - column
    const own = out + ((<usize>column) << 2)
    let from = left
    let to = own
    const start = bias ? bias + ((<usize>column) << 2) : zeros
    if (width >= 8) {
      for (let tile = 0; tile < tiles; ++tile) {
        const height = low + i32(tile < higher)
        runTile(height, turned, steps, from, turned ? leftColumn : leftRow, panel, panelStep, adds ? to : start, adds ? outRow : 0, to, outRow)
        from += <usize>height * leftRow
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
        runTile(height, turned, steps, from, turned ? leftColumn : leftRow, edgePanel, 32, scratch, 32, scratch, 32)
        for (let row: usize = 0; row < <usize>height; ++row) {
          memory.copy(to + row * outRow, scratch + (row << 5), bytes)
        }
        from += <usize>height * leftRow
        to += <usize>height * outRow
      }
    }
    panel += panelBytes
  }
}

@inline
function runTile(
  height: i32,
  turned: bool,
  steps: i32,
  left: usize,
  leftStride: usize,
  right: usize,
  rightStep: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  if (turned) {
    switch (height) {
      case 1:
        turned1(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 2:
        turned2(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 3:
        turned3(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 4:
        turned4(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 5:
        turned5(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      default:
        turned6(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
    }
  } else {
    switch (height) {
      case 1:
        straight1(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 2:
        straight2(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 3:
        straight3(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 4:
        straight4(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      case 5:
        straight5(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
        break
      default:
        straight6(steps, left, leftStride, right, rightStep, start, startRow, out, outRow)
    }
  }
}
