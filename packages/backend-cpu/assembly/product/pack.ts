import { turnFourAt } from '../turn-four'

/** Copies a matrix of `inner` rows into panels of eight columns; lanes of the last one without a column are zero. */
export function packRight(
  inner: i32,
  columns: i32,
  right: usize,
  rightRow: usize,
  rightColumn: usize,
  packed: usize,
): void {
  const panel = (<usize>inner) << 5
  let column = 0
  for (; column + 8 <= columns; column += 8) {
    const from = right + <usize>column * rightColumn
    if (rightColumn == 4) copyPanel(inner, from, rightRow, packed)
    else if (rightRow == 4) turnPanel(inner, from, rightColumn, packed)
    else gatherPanel(inner, 8, from, rightRow, rightColumn, packed)
    packed += panel
  }
  if (column < columns) {
    memory.fill(packed, 0, panel)
    gatherPanel(inner, columns - column, right + <usize>column * rightColumn, rightRow, rightColumn, packed)
  }
}

function copyPanel(inner: i32, from: usize, rightRow: usize, packed: usize): void {
  for (let step = inner; step > 0; --step) {
    v128.store(packed, v128.load(from))
    v128.store(packed, v128.load(from, 16), 16)
    from += rightRow
    packed += 32
  }
}

/** Eight columns that lie one after the other, turned four steps at a time. */
function turnPanel(inner: i32, from: usize, rightColumn: usize, packed: usize): void {
  const second = from + (rightColumn << 2)
  let step: usize = 0
  const whole = (<usize>(inner & ~3)) << 2
  for (; step < whole; step += 16) {
    turnFourAt(from + step, rightColumn, packed, 32)
    turnFourAt(second + step, rightColumn, packed + 16, 32)
    packed += 128
  }
  if (inner & 3) gatherPanel(inner & 3, 8, from + step, 4, rightColumn, packed)
}

function gatherPanel(
  inner: i32,
  columns: i32,
  from: usize,
  rightRow: usize,
  rightColumn: usize,
  packed: usize,
): void {
  for (let step = inner; step > 0; --step) {
    let source = from
    for (let column: usize = 0; column < <usize>columns; ++column) {
      store<f32>(packed + (column << 2), load<f32>(source))
      source += rightColumn
    }
    from += rightRow
    packed += 32
  }
}

/** Bytes between packed tiles: without them, the tiles of long rows would all begin in the same few lines of the first cache. */
export const tileGap: usize = 64

/**
 * Copies the rows of the left matrix tile by tile, of each tile the numbers of a step next to each other: `higher` tiles of `low + 1` rows
 * and then others of `low`, each followed by a gap.
 */
export function packLeft(
  tiles: i32,
  low: i32,
  higher: i32,
  steps: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  packed: usize,
): void {
  if (leftRow == 4 && low > 3) {
    copyRows(tiles, low, higher, steps, left, leftColumn, packed)
    return
  }
  for (let tile = 0; tile < tiles; ++tile) {
    const height = low + i32(tile < higher)
    if (leftColumn == 4) turnRows(height, steps, left, leftRow, packed)
    else gatherRows(height, steps, left, leftRow, leftColumn, packed, <usize>height << 2)
    left += <usize>height * leftRow
    packed += ((<usize>height * <usize>steps) << 2) + tileGap
  }
}

/**
 * The numbers of a step lie next to each other: they go to their tiles as two vectors that may overlap. Step by step, since those of the next step
 * may be far away, and a line of the cache has more of them than a tile takes.
 */
function copyRows(
  tiles: i32,
  low: i32,
  higher: i32,
  steps: i32,
  left: usize,
  leftColumn: usize,
  packed: usize,
): void {
  const longer = (<usize>(low + 1)) << 2
  const shorter = (<usize>low) << 2
  const longerPanel = longer * <usize>steps + tileGap
  const shorterPanel = shorter * <usize>steps + tileGap
  for (let step: usize = 0; step < <usize>steps; ++step) {
    let from = left
    let to = packed + step * longer
    for (let tile = 0; tile < higher; ++tile) {
      v128.store(to, v128.load(from))
      v128.store(to + longer - 16, v128.load(from + longer - 16))
      from += longer
      to += longerPanel
    }
    to = packed + <usize>higher * longerPanel + step * shorter
    for (let tile = higher; tile < tiles; ++tile) {
      v128.store(to, v128.load(from))
      v128.store(to + shorter - 16, v128.load(from + shorter - 16))
      from += shorter
      to += shorterPanel
    }
    left += leftColumn
  }
}

/** Rows that lie one after the other, turned four at a time. */
function turnRows(height: i32, steps: i32, left: usize, leftRow: usize, packed: usize): void {
  const bytes = (<usize>height) << 2
  const rest = steps & 3
  let row = 0
  for (; row + 4 <= height; row += 4) {
    let from = left
    let to = packed
    for (let count = steps >> 2; count > 0; --count) {
      turnFourAt(from, leftRow, to, bytes)
      from += 16
      to += bytes << 2
    }
    gatherRows(4, rest, from, leftRow, 4, to, bytes)
    left += leftRow << 2
    packed += 16
  }
  gatherRows(height - row, steps, left, leftRow, 4, packed, bytes)
}

function gatherRows(
  rows: i32,
  steps: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  packed: usize,
  bytes: usize,
): void {
  for (; rows > 0; --rows) {
    let from = left
    let to = packed
    for (let step = steps; step > 0; --step) {
      store<f32>(to, load<f32>(from))
      from += leftColumn
      to += bytes
    }
    left += leftRow
    packed += 4
  }
}
