import { multiplyAdd, sumOfLanes } from './vector'

/** Squares that float32 holds with all digits: outside of these, doubles are asked. */
const tiny: f32 = 1e-20
const huge: f32 = 1e37

/** The mean of a row, and what its rounding to float32 left out. */
export let center: f32 = 0
export let residual: f32 = 0
/** One over the deviation. */
export let inverse: f32 = 0

/**
 * Finds the mean and the deviation of a row. The mean is found in two rounds: the second adds up what lies above the first,
 * and so it has the digits that a sum of large numbers loses.
 */
export function measureRow(source: usize, width: i32, epsilon: f64): void {
  center = <f32>(sumOf(source, width) / <f64>width)
  const centers = f32x4.splat(center)
  // Two sums of each at once: one alone would wait for each addition to finish.
  let sums = i32x4.splat(0)
  let moreSums = sums
  let squares = sums
  let moreSquares = sums
  let from = source
  let count = width
  for (; count > 7; count -= 8) {
    const above = f32x4.sub(v128.load(from), centers)
    const next = f32x4.sub(v128.load(from, 16), centers)
    sums = f32x4.add(sums, above)
    moreSums = f32x4.add(moreSums, next)
    squares = multiplyAdd(above, above, squares)
    moreSquares = multiplyAdd(next, next, moreSquares)
    from += 32
  }
  let total = sumOfLanes(f32x4.add(sums, moreSums))
  let square = sumOfLanes(f32x4.add(squares, moreSquares))
  for (; count > 0; --count) {
    const above = load<f32>(from) - center
    total += above
    square += above * above
    from += 4
  }
  residual = total / <f32>width
  const variance = <f64>square / <f64>width - <f64>residual * <f64>residual
  inverse = <f32>(1 / Math.sqrt(variance + epsilon))
  if (!(square < huge) || (square < tiny && epsilon < 1e-12)) measureInDoubles(source, width, epsilon)
}

/** One over the root of the mean square of a row. */
export function measureSquares(source: usize, width: i32, epsilon: f64): void {
  center = 0
  residual = 0
  let squares = i32x4.splat(0)
  let moreSquares = squares
  let from = source
  let count = width
  for (; count > 7; count -= 8) {
    const value = v128.load(from)
    const next = v128.load(from, 16)
    squares = multiplyAdd(value, value, squares)
    moreSquares = multiplyAdd(next, next, moreSquares)
    from += 32
  }
  let square = sumOfLanes(f32x4.add(squares, moreSquares))
  for (; count > 0; --count) {
    square += load<f32>(from) * load<f32>(from)
    from += 4
  }
  inverse = <f32>(1 / Math.sqrt(<f64>square / <f64>width + epsilon))
  if (!(square < huge) || (square < tiny && epsilon < 1e-12)) inverse = inverseInDoubles(source, width, 0, epsilon)
}

function sumOf(source: usize, width: i32): f64 {
  let sums = i32x4.splat(0)
  let moreSums = sums
  for (; width > 7; width -= 8) {
    sums = f32x4.add(sums, v128.load(source))
    moreSums = f32x4.add(moreSums, v128.load(source, 16))
    source += 32
  }
  let total = <f64>sumOfLanes(f32x4.add(sums, moreSums))
  for (; width > 0; --width) {
    total += <f64>load<f32>(source)
    source += 4
  }
  return total
}

function measureInDoubles(source: usize, width: i32, epsilon: f64): void {
  let total: f64 = 0
  for (let column: usize = 0; column < <usize>width; ++column) total += <f64>load<f32>(source + (column << 2))
  const mean = total / <f64>width
  center = <f32>mean
  residual = <f32>(mean - <f64>center)
  inverse = inverseInDoubles(source, width, mean, epsilon)
}

function inverseInDoubles(source: usize, width: i32, mean: f64, epsilon: f64): f32 {
  let square: f64 = 0
  for (let column: usize = 0; column < <usize>width; ++column) {
    const above = <f64>load<f32>(source + (column << 2)) - mean
    square += above * above
  }
  return <f32>(1 / Math.sqrt(square / <f64>width + epsilon))
}
