import { runTile, tileRows } from '../product/run-tile'

/**
 * Writes `left` `[rows, steps]` times `right` `[steps, 8]`, plus what lies at `start`, to `out`. The numbers of a row of `left` lie
 * next to each other, as those of the other rows do.
 */
export function multiplyRows(
  rows: i32,
  steps: i32,
  left: usize,
  leftRow: usize,
  right: usize,
  rightRow: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
): void {
  const tiles = (rows + tileRows - 1) / tileRows
  if (tiles == 0) return
  const low = rows / tiles
  const higher = rows % tiles
  for (let tile = 0; tile < tiles; ++tile) {
    const height = low + i32(tile < higher)
    runTile(height, false, steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
    left += <usize>height * leftRow
    start += <usize>height * startRow
    out += <usize>height * outRow
  }
}

/** Adds the transpose of `left` `[steps, rows]` times `right` `[steps, 8]` to `out`. */
export function addTurnedProduct(
  rows: i32,
  steps: i32,
  left: usize,
  leftRow: usize,
  right: usize,
  rightRow: usize,
  out: usize,
  outRow: usize,
): void {
  const tiles = (rows + tileRows - 1) / tileRows
  if (tiles == 0) return
  const low = rows / tiles
  const higher = rows % tiles
  for (let tile = 0; tile < tiles; ++tile) {
    const height = low + i32(tile < higher)
    runTile(height, true, steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
    left += (<usize>height) << 2
    out += <usize>height * outRow
  }
}
