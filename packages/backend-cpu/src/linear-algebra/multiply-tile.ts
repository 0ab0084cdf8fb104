/**
 * A tile of two rows and four columns of a product, from a panel of each, packed as doubles; the panel of columns
 * begins with what the sums start from.
 *
 * Eight sums in local variables stay in registers; larger tiles were tried and are slower, since they spill.
 */
export function multiplyTile(
  packed: Float64Array,
  rows: number,
  columns: number,
  inner: number,
  out: Float32Array,
  target: number,
  rowStride: number,
): void {
  let sum00 = packed[columns]!
  let sum01 = packed[(columns + 1) | 0]!
  let sum02 = packed[(columns + 2) | 0]!
  let sum03 = packed[(columns + 3) | 0]!
  let sum10 = sum00
  let sum11 = sum01
  let sum12 = sum02
  let sum13 = sum03
  for (const end = (rows + Math.imul(inner, 2)) | 0; rows < end; rows = (rows + 2) | 0) {
    columns = (columns + 4) | 0
    const row0 = packed[rows]!
    const row1 = packed[(rows + 1) | 0]!
    let column = packed[columns]!
    sum00 += row0 * column
    sum10 += row1 * column
    column = packed[(columns + 1) | 0]!
    sum01 += row0 * column
    sum11 += row1 * column
    column = packed[(columns + 2) | 0]!
    sum02 += row0 * column
    sum12 += row1 * column
    column = packed[(columns + 3) | 0]!
    sum03 += row0 * column
    sum13 += row1 * column
  }
  out[target] = sum00
  out[(target + 1) | 0] = sum01
  out[(target + 2) | 0] = sum02
  out[(target + 3) | 0] = sum03
  target = (target + rowStride) | 0
  out[target] = sum10
  out[(target + 1) | 0] = sum11
  out[(target + 2) | 0] = sum12
  out[(target + 3) | 0] = sum13
}
