import { wordsAt } from './lanes'
import { turnFourAt } from './turn-four'
import { storeLanes } from './vector'
import {
  begin,
  columns,
  columnsOf,
  matrixOf,
  place0,
  place1,
  proceed,
  rowsOf,
  rowStepOf,
  stepOf,
} from './walk'

/** The second operand of a walk into the first one, which does not overlap it. */
export function copyWords(first: i32, end: i32, walk: usize): void {
  const targetStep = stepOf(walk, 0)
  const step = stepOf(walk, 1)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    if (targetStep != 4) {
      copyElements<u32>(place0, targetStep, place1, step, columns)
      continue
    }
    let target = place0
    let source = place1
    let count = columns
    for (; count > 3; count -= 4) {
      v128.store(target, wordsAt(source, step, 4))
      source += step << 2
      target += 16
    }
    if (count > 0) storeLanes(target, wordsAt(source, step, count), count)
  }
}

export function copyBytes(first: i32, end: i32, walk: usize): void {
  const targetStep = stepOf(walk, 0)
  const step = stepOf(walk, 1)
  for (let more = begin(walk, first, end); more; more = proceed()) {
    if (targetStep == 1 && step == 1) memory.copy(place0, place1, columns)
    else copyElements<u8>(place0, targetStep, place1, step, columns)
  }
}

@inline
function copyElements<T>(target: usize, targetStep: usize, source: usize, step: usize, count: i32): void {
  for (; count > 0; --count) {
    store<T>(target, load<T>(source))
    target += targetStep
    source += step
  }
}

/** Rows that a unit of a transposition has: a cache line of the source. */
const band: i32 = 16

/**
 * The same for matrices whose words are next to each other along the columns of the target and along the rows of the source.
 * Units are bands of 16 rows of the target.
 */
export function transposeWords(first: i32, end: i32, walk: usize): void {
  const rows = rowsOf(walk)
  const bands = (rows + band - 1) / band
  const targetRow = rowStepOf(walk, 0)
  const step = stepOf(walk, 1)
  for (let unit = first; unit < end; ++unit) {
    const matrix = unit / bands
    const row = (unit - matrix * bands) * band
    const target = matrixOf(walk, 0, matrix) + <usize>row * targetRow
    const source = matrixOf(walk, 1, matrix) + ((<usize>row) << 2)
    transposeBand(target, targetRow, source, step, min(band, rows - row), columnsOf(walk))
  }
}

function transposeBand(
  target: usize,
  targetRow: usize,
  source: usize,
  step: usize,
  rows: i32,
  count: i32,
): void {
  let column = 0
  for (; column + 4 <= count; column += 4) {
    let row = 0
    for (; row + 4 <= rows; row += 4) {
      turnFourAt(source + ((<usize>row) << 2), step, target + <usize>row * targetRow, targetRow)
    }
    for (; row < rows; ++row) {
      v128.store(target + <usize>row * targetRow, wordsAt(source + ((<usize>row) << 2), step, 4))
    }
    source += step << 2
    target += 16
  }
  for (let row = 0; row < rows; ++row) {
    copyElements<u32>(target + <usize>row * targetRow, 4, source + ((<usize>row) << 2), step, count - column)
  }
}
