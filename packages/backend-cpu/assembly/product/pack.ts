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
    turnFour(from + step, rightColumn, packed)
    turnFour(second + step, rightColumn, packed + 16)
    packed += 128
  }
  if (inner & 3) gatherPanel(inner & 3, 8, from + step, 4, rightColumn, packed)
}

/** Four vectors that become the columns of four rows, 32 bytes apart. */
@inline
function turnFour(from: usize, stride: usize, packed: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + stride)
  const c = v128.load(from + 2 * stride)
  const d = v128.load(from + 3 * stride)
  const lowAB = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const highAB = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const lowCD = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const highCD = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(packed, v128.shuffle<f64>(lowAB, lowCD, 0, 2))
  v128.store(packed, v128.shuffle<f64>(lowAB, lowCD, 1, 3), 32)
  v128.store(packed, v128.shuffle<f64>(highAB, highCD, 0, 2), 64)
  v128.store(packed, v128.shuffle<f64>(highAB, highCD, 1, 3), 96)
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

/** Copies the rows of a matrix next to each other: `[inner, rows]`. */
export function packLeft(
  rows: i32,
  inner: i32,
  left: usize,
  leftRow: usize,
  leftColumn: usize,
  packed: usize,
): void {
  for (let step = inner; step > 0; --step) {
    let source = left
    for (let row = rows; row > 0; --row) {
      store<f32>(packed, load<f32>(source))
      source += leftRow
      packed += 4
    }
    left += leftColumn
  }
}
