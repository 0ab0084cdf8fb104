/**
 * Copies the columns of a matrix, as doubles, into panels of four interleaved columns. Each panel begins with the four
 * numbers that its sums start from: the bias at index `bias`, or zeros where it is negative. The lanes of the last
 * panel that have no column repeat the last one.
 */
export function packColumns(
  heap: Float32Array,
  start: number,
  columnStride: number,
  innerStride: number,
  columns: number,
  inner: number,
  bias: number,
  packed: Float64Array,
  place: number,
): void {
  const last = columns - 1
  for (let column = 0; column < columns; column = (column + 4) | 0) {
    const second = Math.min(column + 1, last)
    const third = Math.min(column + 2, last)
    const fourth = Math.min(column + 3, last)
    packed[place] = bias < 0 ? 0 : heap[(bias + column) | 0]!
    packed[(place + 1) | 0] = bias < 0 ? 0 : heap[(bias + second) | 0]!
    packed[(place + 2) | 0] = bias < 0 ? 0 : heap[(bias + third) | 0]!
    packed[(place + 3) | 0] = bias < 0 ? 0 : heap[(bias + fourth) | 0]!
    place = (place + 4) | 0
    let from0 = (start + Math.imul(column, columnStride)) | 0
    let from1 = (start + Math.imul(second, columnStride)) | 0
    let from2 = (start + Math.imul(third, columnStride)) | 0
    let from3 = (start + Math.imul(fourth, columnStride)) | 0
    for (const end = (place + Math.imul(inner, 4)) | 0; place < end; place = (place + 4) | 0) {
      packed[place] = heap[from0]!
      packed[(place + 1) | 0] = heap[from1]!
      packed[(place + 2) | 0] = heap[from2]!
      packed[(place + 3) | 0] = heap[from3]!
      from0 = (from0 + innerStride) | 0
      from1 = (from1 + innerStride) | 0
      from2 = (from2 + innerStride) | 0
      from3 = (from3 + innerStride) | 0
    }
  }
}

/** Copies two rows of a matrix, as doubles, into one panel of pairs. */
export function packRows(
  heap: Float32Array,
  first: number,
  second: number,
  innerStride: number,
  inner: number,
  packed: Float64Array,
  place: number,
): void {
  for (const end = (place + Math.imul(inner, 2)) | 0; place < end; place = (place + 2) | 0) {
    packed[place] = heap[first]!
    packed[(place + 1) | 0] = heap[second]!
    first = (first + innerStride) | 0
    second = (second + innerStride) | 0
  }
}
