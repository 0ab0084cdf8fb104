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
} from '../product/tile'

/** As many as the tiles of either build have at most. */
const tileRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5

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
    switch (height) {
      case 1:
        straight1(steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
        break
      case 2:
        straight2(steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
        break
      case 3:
        straight3(steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
        break
      case 4:
        straight4(steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
        break
      case 5:
        straight5(steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
        break
      default:
        straight6(steps, left, leftRow, right, rightRow, start, startRow, out, outRow)
    }
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
    switch (height) {
      case 1:
        turned1(steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
        break
      case 2:
        turned2(steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
        break
      case 3:
        turned3(steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
        break
      case 4:
        turned4(steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
        break
      case 5:
        turned5(steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
        break
      default:
        turned6(steps, left, leftRow, right, rightRow, out, outRow, out, outRow)
    }
    left += (<usize>height) << 2
    out += <usize>height * outRow
  }
}
