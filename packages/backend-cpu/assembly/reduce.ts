import { columnsOf, matricesOf, matrixOf, rowsOf, rowStepOf, stepOf } from './walk'

const SUM: i32 = 0
const PRODUCT: i32 = 1
const MAXIMUM: i32 = 2
const MINIMUM: i32 = 3

// Totals are doubles, two in a vector. A reduction has two walks: one over what is kept, whose columns are the results, and one
// over what is reduced into each, whose operand begins at 0.

@inline
function startOf(formula: i32): v128 {
  if (formula == SUM) return f64x2.splat(0)
  if (formula == PRODUCT) return f64x2.splat(1)
  if (formula == MAXIMUM) return f64x2.splat(-Infinity)
  return f64x2.splat(Infinity)
}

/** NaN wins. */
@inline
function combine(formula: i32, a: v128, b: v128): v128 {
  if (formula == SUM) return f64x2.add(a, b)
  if (formula == PRODUCT) return f64x2.mul(a, b)
  if (formula == MAXIMUM) return f64x2.max(a, b)
  return f64x2.min(a, b)
}

/** The next two numbers, as doubles. */
@inline
function pairAt<T>(place: usize): v128 {
  const words = v128.load64_zero(place)
  return isFloat<T>() ? f64x2.promote_low_f32x4(words) : f64x2.convert_low_i32x4_s(words)
}

/** Whole numbers wrap around, as far as doubles hold them. */
@inline
function put<T>(target: usize, value: f64): void {
  if (isFloat<T>()) store<f32>(target, <f32>value)
  else store<i32>(target, <i32>(<i64>value))
}

@inline
function totalOfRow<T>(formula: i32, source: usize, step: usize, width: i32, total: v128): v128 {
  if (step == 4) {
    let even = total
    let odd = startOf(formula)
    for (; width > 3; width -= 4) {
      even = combine(formula, even, pairAt<T>(source))
      odd = combine(formula, odd, pairAt<T>(source + 8))
      source += 16
    }
    total = combine(formula, even, odd)
  }
  // One number counts in one lane: the other lane stays what it is.
  const start = startOf(formula)
  for (; width > 0; --width) {
    total = combine(formula, total, f64x2.replace_lane(start, 0, <f64>load<T>(source)))
    source += step
  }
  return total
}

/** Units are results, each of rows whose numbers have any step. */
@inline
function reduceRows<T>(formula: i32, first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  const rows = rowsOf(reduced)
  const width = columnsOf(reduced)
  const matrices = matricesOf(reduced)
  const rowStep = rowStepOf(reduced, 1)
  const step = stepOf(reduced, 1)
  for (let unit = first; unit < end; ++unit) {
    const source = elementOf(kept, 1, unit)
    let total = startOf(formula)
    for (let matrix = 0; matrix < matrices; ++matrix) {
      let from = source + matrixOf(reduced, 1, matrix)
      for (let row = 0; row < rows; ++row) {
        total = totalOfRow<T>(formula, from, step, width, total)
        from += rowStep
      }
    }
    const value = combine(formula, total, v128.shuffle<f64>(total, total, 1, 0))
    put<T>(elementOf(kept, 0, unit), f64x2.extract_lane(value, 0) / divisor)
  }
}

/** Where an element of a walk is. */
function elementOf(walk: usize, operand: usize, index: i32): usize {
  const width = columnsOf(walk)
  const line = index / width
  const rows = rowsOf(walk)
  const matrix = line / rows
  return (
    matrixOf(walk, operand, matrix) +
    <usize>(line - matrix * rows) * rowStepOf(walk, operand) +
    <usize>(index - line * width) * stepOf(walk, operand)
  )
}

/** Units are groups of up to eight results next to each other, whose numbers are so too. */
@inline
function reduceColumns<T>(formula: i32, first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  const groups = (columnsOf(kept) + 7) >> 3
  const rows = rowsOf(reduced)
  const width = columnsOf(reduced)
  const matrices = matricesOf(reduced)
  const rowStep = rowStepOf(reduced, 1)
  const step = stepOf(reduced, 1)
  for (let unit = first; unit < end; ++unit) {
    const line = unit / groups
    const column = (unit - line * groups) << 3
    const index = line * columnsOf(kept) + column
    const count = min(8, columnsOf(kept) - column)
    const source = elementOf(kept, 1, index)
    let total0 = startOf(formula)
    let total1 = total0
    let total2 = total0
    let total3 = total0
    for (let matrix = 0; matrix < matrices; ++matrix) {
      let line = source + matrixOf(reduced, 1, matrix)
      for (let row = 0; row < rows; ++row) {
        let from = line
        for (let place = 0; place < width; ++place) {
          total0 = combine(formula, total0, pairAt<T>(from))
          total1 = combine(formula, total1, pairAt<T>(from + 8))
          total2 = combine(formula, total2, pairAt<T>(from + 16))
          total3 = combine(formula, total3, pairAt<T>(from + 24))
          from += step
        }
        line += rowStep
      }
    }
    const target = elementOf(kept, 0, index)
    const targetStep = stepOf(kept, 0)
    putPair<T>(target, targetStep, total0, count, divisor)
    putPair<T>(target + 2 * targetStep, targetStep, total1, count - 2, divisor)
    putPair<T>(target + 4 * targetStep, targetStep, total2, count - 4, divisor)
    putPair<T>(target + 6 * targetStep, targetStep, total3, count - 6, divisor)
  }
}

@inline
function putPair<T>(target: usize, step: usize, totals: v128, count: i32, divisor: f64): void {
  if (count > 0) put<T>(target, f64x2.extract_lane(totals, 0) / divisor)
  if (count > 1) put<T>(target + step, f64x2.extract_lane(totals, 1) / divisor)
}

export function sumRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<f32>(SUM, first, end, kept, reduced, divisor)
}

export function sumColumns(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceColumns<f32>(SUM, first, end, kept, reduced, divisor)
}

export function productRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<f32>(PRODUCT, first, end, kept, reduced, divisor)
}

export function productColumns(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceColumns<f32>(PRODUCT, first, end, kept, reduced, divisor)
}

export function maximumRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<f32>(MAXIMUM, first, end, kept, reduced, divisor)
}

export function maximumColumns(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceColumns<f32>(MAXIMUM, first, end, kept, reduced, divisor)
}

export function minimumRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<f32>(MINIMUM, first, end, kept, reduced, divisor)
}

export function minimumColumns(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceColumns<f32>(MINIMUM, first, end, kept, reduced, divisor)
}

export function sumWholeRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<i32>(SUM, first, end, kept, reduced, divisor)
}

export function productWholeRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<i32>(PRODUCT, first, end, kept, reduced, divisor)
}

export function maximumWholeRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<i32>(MAXIMUM, first, end, kept, reduced, divisor)
}

export function minimumWholeRows(first: i32, end: i32, kept: usize, reduced: usize, divisor: f64): void {
  reduceRows<i32>(MINIMUM, first, end, kept, reduced, divisor)
}
