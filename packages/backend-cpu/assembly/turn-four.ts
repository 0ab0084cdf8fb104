/** Stores the lanes of four vectors as four rows that are `row` bytes apart. */
@inline
export function turnFour(a: v128, b: v128, c: v128, d: v128, to: usize, row: usize): void {
  const lowAb = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const highAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const lowCd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const highCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f64>(lowAb, lowCd, 0, 2))
  v128.store(to + row, v128.shuffle<f64>(lowAb, lowCd, 1, 3))
  v128.store(to + 2 * row, v128.shuffle<f64>(highAb, highCd, 0, 2))
  v128.store(to + 3 * row, v128.shuffle<f64>(highAb, highCd, 1, 3))
}

/** The same for vectors in memory that are `stride` bytes apart. */
@inline
export function turnFourAt(from: usize, stride: usize, to: usize, row: usize): void {
  turnFour(
    v128.load(from),
    v128.load(from + stride),
    v128.load(from + 2 * stride),
    v128.load(from + 3 * stride),
    to,
    row,
  )
}
