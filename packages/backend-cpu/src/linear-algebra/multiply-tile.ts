/** Rows of the tile of the product that lives in registers: eight sums are what most processors keep there. */
export const tileRows = 2
export const tileColumns = 4

/**
 * One tile of a product from a panel of two rows and a panel of four columns, both packed as doubles.
 * Local variables, not arrays, so that the sums stay in registers.
 */
export function multiplyTile(
  packed: Float64Array,
  rows: number,
  columns: number,
  inner: number,
  out: Float32Array | Float64Array,
  target: number,
  rowStride: number,
): void {
  let sum00 = 0
  let sum01 = 0
  let sum02 = 0
  let sum03 = 0
  let sum10 = 0
  let sum11 = 0
  let sum12 = 0
  let sum13 = 0
  for (const end = (rows + inner * 2) | 0; rows < end; rows = (rows + 2) | 0) {
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
    columns = (columns + 4) | 0
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
