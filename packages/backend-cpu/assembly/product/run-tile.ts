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
export const tileRows: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5

/** The tile of so many rows, whose left matrix lies along its rows or is turned. */
@inline
export function runTile(
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
