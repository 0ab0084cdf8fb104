/**
 * How operands of any layout are gone through: a description in memory, and where one is in it.
 *
 * Axes are merged by the caller, so that most tensors are one matrix, of rows and columns; outer axes count matrices. The units
 * of a walk are pieces of rows, of up to 1024 columns. Words of a description: rows, columns, count of outer axes, count of
 * matrices; for each of four operands its address, and its steps in bytes from row to row and from column to column; for each outer
 * axis, the innermost first, its length, and the step of each operand.
 */
const OUTER: usize = 8
const OPERANDS: usize = 16
const AXES: usize = 64
const axisBytes: usize = 20
const pieceShift: i32 = 10

/** How many columns the present piece has, and where it begins in each operand. */
export let columns: i32 = 0
export let place0: usize = 0
export let place1: usize = 0
export let place2: usize = 0
export let place3: usize = 0

let description: usize = 0
let left: i32 = 0
let rows: i32 = 0
let row: i32 = 0
let matrix: i32 = 0
let inside: bool = false

/** How far it is from column to column. */
@inline
export function stepOf(walk: usize, operand: usize): usize {
  return load<usize>(walk + OPERANDS + 12 * operand, 8)
}

/** How far it is from row to row. */
@inline
export function rowStepOf(walk: usize, operand: usize): usize {
  return load<usize>(walk + OPERANDS + 12 * operand, 4)
}

@inline
export function rowsOf(walk: usize): i32 {
  return load<i32>(walk)
}

@inline
export function columnsOf(walk: usize): i32 {
  return load<i32>(walk, 4)
}

@inline
export function matricesOf(walk: usize): i32 {
  return load<i32>(walk, 12)
}

/** Where a matrix begins. */
export function matrixOf(walk: usize, operand: usize, index: i32): usize {
  let place = load<usize>(walk + OPERANDS + 12 * operand)
  let axis = walk + AXES
  for (let count = load<i32>(walk, OUTER); count > 0; --count) {
    const length = load<i32>(axis)
    place += <usize>(index % length) * load<usize>(axis + 4 + 4 * operand)
    index /= length
    axis += axisBytes
  }
  return place
}

/** Goes to a unit; whether there is one before `end`. */
export function begin(walk: usize, first: i32, end: i32): bool {
  description = walk
  left = end - first
  if (left <= 0) return false
  const width = columnsOf(walk)
  const pieces = (width + (1 << pieceShift) - 1) >> pieceShift
  const index = first / pieces
  const piece = first - index * pieces
  rows = rowsOf(walk)
  matrix = index / rows
  row = index - matrix * rows
  locate()
  const skipped = piece << pieceShift
  inside = skipped > 0
  if (inside) {
    place0 += <usize>skipped * stepOf(walk, 0)
    place1 += <usize>skipped * stepOf(walk, 1)
    place2 += <usize>skipped * stepOf(walk, 2)
    place3 += <usize>skipped * stepOf(walk, 3)
  }
  take(pieces - piece, width - skipped)
  return true
}

/** Goes to the next row; whether there is one. */
export function proceed(): bool {
  if (left == 0) return false
  const walk = description
  if (++row == rows) {
    row = 0
    matrix += 1
    locate()
  } else if (inside) locate()
  else {
    place0 += rowStepOf(walk, 0)
    place1 += rowStepOf(walk, 1)
    place2 += rowStepOf(walk, 2)
    place3 += rowStepOf(walk, 3)
  }
  inside = false
  const width = columnsOf(walk)
  take((width + (1 << pieceShift) - 1) >> pieceShift, width)
  return true
}

function locate(): void {
  const walk = description
  place0 = matrixOf(walk, 0, matrix) + <usize>row * rowStepOf(walk, 0)
  place1 = matrixOf(walk, 1, matrix) + <usize>row * rowStepOf(walk, 1)
  place2 = matrixOf(walk, 2, matrix) + <usize>row * rowStepOf(walk, 2)
  place3 = matrixOf(walk, 3, matrix) + <usize>row * rowStepOf(walk, 3)
}

/** Takes as many of a row's pieces as are left to do. */
function take(pieces: i32, width: i32): void {
  const taken = min(pieces, left)
  columns = taken < pieces ? taken << pieceShift : width
  left -= taken
}
