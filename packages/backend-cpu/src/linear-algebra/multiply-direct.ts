import type { MatrixView } from './multiply.ts'

/**
 * The product of a few rows with a matrix that is read where it lies: packing it would take longer than the product.
 * `outRow` and `outColumn` are the strides of the result; `bias` is an index, or negative.
 */
export function multiplyDirect(
  heap: Float32Array,
  left: MatrixView,
  right: MatrixView,
  bias: number,
  target: number,
  outRow: number,
  outColumn: number,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = left.start + row * left.rowStride
    const out = target + row * outRow
    for (let column = 0; column < columns; column += 8) {
      multiplyRow(
        heap,
        start,
        left.columnStride,
        right.start + column * right.columnStride,
        right.columnStride,
        right.rowStride,
        bias < 0 ? bias : bias + column,
        out + column * outColumn,
        outColumn,
        inner,
        Math.min(8, columns - column),
      )
    }
  }
}

/** Up to eight neighbouring sums of one row. Lanes without a column of their own repeat the last one. */
function multiplyRow(
  heap: Float32Array,
  left: number,
  leftStride: number,
  right: number,
  columnStride: number,
  innerStride: number,
  bias: number,
  target: number,
  targetStride: number,
  inner: number,
  columns: number,
): void {
  const last = columns - 1
  const offset1 = Math.imul(Math.min(1, last), columnStride)
  const offset2 = Math.imul(Math.min(2, last), columnStride)
  const offset3 = Math.imul(Math.min(3, last), columnStride)
  const offset4 = Math.imul(Math.min(4, last), columnStride)
  const offset5 = Math.imul(Math.min(5, last), columnStride)
  const offset6 = Math.imul(Math.min(6, last), columnStride)
  const offset7 = Math.imul(Math.min(7, last), columnStride)
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let sum4 = 0
  let sum5 = 0
  let sum6 = 0
  let sum7 = 0
  for (let step = 0; step < inner; step = (step + 1) | 0) {
    const factor = heap[left]!
    sum0 += factor * heap[right]!
    sum1 += factor * heap[(right + offset1) | 0]!
    sum2 += factor * heap[(right + offset2) | 0]!
    sum3 += factor * heap[(right + offset3) | 0]!
    sum4 += factor * heap[(right + offset4) | 0]!
    sum5 += factor * heap[(right + offset5) | 0]!
    sum6 += factor * heap[(right + offset6) | 0]!
    sum7 += factor * heap[(right + offset7) | 0]!
    left = (left + leftStride) | 0
    right = (right + innerStride) | 0
  }
  if (bias >= 0) {
    sum0 += heap[bias]!
    sum1 += heap[bias + Math.min(1, last)]!
    sum2 += heap[bias + Math.min(2, last)]!
    sum3 += heap[bias + Math.min(3, last)]!
    sum4 += heap[bias + Math.min(4, last)]!
    sum5 += heap[bias + Math.min(5, last)]!
    sum6 += heap[bias + Math.min(6, last)]!
    sum7 += heap[bias + Math.min(7, last)]!
  }
  heap[target] = sum0
  if (columns > 1) heap[target + targetStride] = sum1
  if (columns > 2) heap[target + 2 * targetStride] = sum2
  if (columns > 3) heap[target + 3 * targetStride] = sum3
  if (columns > 4) heap[target + 4 * targetStride] = sum4
  if (columns > 5) heap[target + 5 * targetStride] = sum5
  if (columns > 6) heap[target + 6 * targetStride] = sum6
  if (columns > 7) heap[target + 7 * targetStride] = sum7
}
