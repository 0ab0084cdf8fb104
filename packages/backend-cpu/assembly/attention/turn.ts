import { turnFour } from '../turn-four'

/**
 * Writes the rows of a matrix, times `factor`, into lanes: `[columns, rows]`. Lanes up to the next whole panel repeat the last
 * row: what they hold must be a harmless number, and goes nowhere.
 */
export function turn(
  target: usize,
  targetRow: usize,
  source: usize,
  row: usize,
  column: usize,
  rows: i32,
  columns: i32,
  factor: f32,
): void {
  const factors = f32x4.splat(factor)
  const last = rows - 1
  const whole = column == 4 ? columns & ~3 : 0
  for (let lane = 0; lane <= (last | 7); lane += 4) {
    const a = source + <usize>min(lane, last) * row
    const b = source + <usize>min(lane + 1, last) * row
    const c = source + <usize>min(lane + 2, last) * row
    const d = source + <usize>min(lane + 3, last) * row
    let to = target + ((<usize>lane) << 2)
    let index = 0
    for (; index < whole; index += 4) {
      const from = (<usize>index) << 2
      turnFour(
        f32x4.mul(v128.load(a + from), factors),
        f32x4.mul(v128.load(b + from), factors),
        f32x4.mul(v128.load(c + from), factors),
        f32x4.mul(v128.load(d + from), factors),
        to,
        targetRow,
      )
      to += targetRow << 2
    }
    for (; index < columns; ++index) {
      const from = <usize>index * column
      const values = f32x4(load<f32>(a + from), load<f32>(b + from), load<f32>(c + from), load<f32>(d + from))
      v128.store(to, f32x4.mul(values, factors))
      to += targetRow
    }
  }
}

/** The other way: lanes, each times its own factor, become dense rows. */
export function turnBack(
  target: usize,
  source: usize,
  sourceRow: usize,
  factors: usize,
  rows: i32,
  columns: i32,
): void {
  const row = (<usize>columns) << 2
  const whole = columns & ~3
  for (let lane = 0; lane < rows; lane += 4) {
    const own = v128.load(factors + ((<usize>lane) << 2))
    const left = rows - lane
    let from = source + ((<usize>lane) << 2)
    let to = target + <usize>lane * row
    let index = 0
    if (left >= 4) {
      for (; index < whole; index += 4) {
        turnFour(
          f32x4.mul(v128.load(from), own),
          f32x4.mul(v128.load(from + sourceRow), own),
          f32x4.mul(v128.load(from + 2 * sourceRow), own),
          f32x4.mul(v128.load(from + 3 * sourceRow), own),
          to,
          row,
        )
        from += sourceRow << 2
        to += 16
      }
    }
    for (; index < columns; ++index) {
      const values = f32x4.mul(v128.load(from), own)
      v128.store_lane<f32>(to, values, 0)
      if (left > 1) v128.store_lane<f32>(to + row, values, 1)
      if (left > 2) v128.store_lane<f32>(to + 2 * row, values, 2)
      if (left > 3) v128.store_lane<f32>(to + 3 * row, values, 3)
      from += sourceRow
      to += 4
    }
  }
}
