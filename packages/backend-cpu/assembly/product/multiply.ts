import { multiplyByDots } from './dot'
import { blockScratchBytes, multiplyBlock, packedLeftBytes, prepareScratch } from './block'
import { packRight } from './pack'

/** Steps at a time: a packed panel of this many stays in the first cache. */
export const innerBlock: i32 = 512
/** Packed columns at a time, and rows that are multiplied with them: both stay in the second cache. */
const columnBlock: i32 = 256
const rowBlock: i32 = 240
/** Up to this many rows, packing costs more than it saves. */
const fewRows: i32 = 8

/** What `multiply` needs of working space. */
export function multiplyScratchBytes(rows: i32, inner: i32, columns: i32): i32 {
  const steps = min(inner, innerBlock)
  const bytes = <i32>blockScratchBytes + 4 * steps * min(columns + 7, columnBlock) + packedLeftBytes(min(rows, rowBlock), steps)
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
  prepareScratch(scratch)
  const packed = scratch + blockScratchBytes
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
