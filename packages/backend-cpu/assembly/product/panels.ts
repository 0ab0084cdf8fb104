import { thread } from '../team'
import { blockScratchBytes, multiplyBlock, packedLeftBytes, prepareScratch } from './block'
import { activateBlock } from './epilogue'
import { innerBlock, multiply } from './multiply'
import { packRight } from './pack'

/** What `multiplyPanels` needs of working space for each thread. */
export function panelScratchBytes(rowBlock: i32): i32 {
  return <i32>blockScratchBytes + packedLeftBytes(rowBlock, innerBlock)
}

/**
 * Copies the right matrix of a product `[inner, columns]` into panels of eight columns, for each stretch of steps all of them one after the
 * other; lanes without a column are zero. A unit is a panel.
 */
export function packPanels(
  first: i32,
  end: i32,
  inner: i32,
  columns: i32,
  right: usize,
  rightRow: usize,
  rightColumn: usize,
  packed: usize,
): void {
  const panels = <usize>((columns + 7) >> 3)
  const column = first << 3
  const width = min(end << 3, columns) - column
  right += <usize>column * rightColumn
  for (let step = 0; step < inner; step += innerBlock) {
    const steps = min(innerBlock, inner - step)
    const own = packed + ((<usize>steps * <usize>first) << 5)
    packRight(steps, width, right + <usize>step * rightRow, rightRow, rightColumn, own)
    packed += (<usize>steps * panels) << 5
  }
}

/**
 * Writes `left` `[rows, inner]` times a matrix in panels to `out`, plus the bias unless its address is 0, through an activation. A unit is a block of
 * rows and columns, `scratch` working space of `scratchBytes` per thread.
 */
export function multiplyPanels(
  first: i32,
  end: i32,
  rows: i32,
  inner: i32,
  columns: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  panels: usize,
  bias: usize,
  activation: i32,
  out: usize,
  outRow: usize,
  rowBlock: i32,
  columnBlock: i32,
  scratch: usize,
  scratchBytes: usize,
): void {
  scratch += <usize>thread * scratchBytes
  prepareScratch(scratch)
  const rowBlocks = (rows + rowBlock - 1) / rowBlock
  const padded = (<usize>((columns + 7) >> 3)) << 5
  for (let unit = first; unit < end; ++unit) {
    const column = unit / rowBlocks * columnBlock
    const row = unit % rowBlocks * rowBlock
    const width = min(columnBlock, columns - column)
    const own = out + <usize>row * outRow + ((<usize>column) << 2)
    let from = left + <usize>row * leftRow
    let block = panels
    let step = 0
    do {
      const steps = min(innerBlock, inner - step)
      const panel = block + ((<usize>steps * <usize>column) << 2)
      multiplyBlock(
        min(rowBlock, rows - row),
        steps,
        width,
        from,
        leftRow,
        leftColumn,
        panel,
        (<usize>steps) << 5,
        32,
        panel,
        bias ? bias + ((<usize>column) << 2) : 0,
        step > 0,
        own,
        outRow,
        scratch,
        scratch + blockScratchBytes,
      )
      from += <usize>steps * leftColumn
      block += <usize>steps * padded
      step += innerBlock
    } while (step < inner)
    if (activation) activateBlock(activation, own, outRow, min(rowBlock, rows - row), width, scratch)
  }
}

/**
 * A product of few rows: a unit is 64 columns. Which way the product takes depends on rows and strides alone, so that the
 * numbers are the same for any range of units.
 */
export function multiplyColumns(
  first: i32,
  end: i32,
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
  activation: i32,
  out: usize,
  outRow: usize,
  scratch: usize,
  scratchBytes: usize,
): void {
  const column = first << 6
  const width = min(end << 6, columns) - column
  const own = out + ((<usize>column) << 2)
  scratch += <usize>thread * scratchBytes
  multiply(
    rows,
    inner,
    width,
    left,
    leftRow,
    leftColumn,
    right + <usize>column * rightColumn,
    rightRow,
    rightColumn,
    bias ? bias + ((<usize>column) << 2) : 0,
    false,
    own,
    outRow,
    scratch,
  )
  if (activation) activateBlock(activation, own, outRow, rows, width, scratch)
}

/**
 * Many products, whose results lie one after the other. A unit is a product; the operands of the products lie along two axes,
 * of which the inner one has `innerProducts`.
 */
export function multiplyMany(
  first: i32,
  end: i32,
  rows: i32,
  inner: i32,
  columns: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  leftOuter: usize,
  leftInner: usize,
  right: usize,
  rightRow: usize,
  rightColumn: usize,
  rightOuter: usize,
  rightInner: usize,
  innerProducts: i32,
  out: usize,
  scratch: usize,
  scratchBytes: usize,
): void {
  const outBytes = (<usize>rows * <usize>columns) << 2
  scratch += <usize>thread * scratchBytes
  for (let unit = first; unit < end; ++unit) {
    const along = <usize>(unit % innerProducts)
    const across = <usize>(unit / innerProducts)
    multiply(
      rows,
      inner,
      columns,
      left + across * leftOuter + along * leftInner,
      leftRow,
      leftColumn,
      right + across * rightOuter + along * rightInner,
      rightRow,
      rightColumn,
      0,
      false,
      out + <usize>unit * outBytes,
      (<usize>columns) << 2,
      scratch,
    )
  }
}
