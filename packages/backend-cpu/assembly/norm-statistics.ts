import { firstLanes, multiplyAdd, sumOfLanes } from './vector'

/** Squares that float32 holds with all digits: outside of these, doubles are asked. */
const tiny: f32 = 1e-20
const huge: f32 = 1e37

/** The mean of a row, and what its rounding to float32 left out. */
export let center: f32 = 0
export let residual: f32 = 0
/** One over the deviation. */
export let inverse: f32 = 0

/** How many variances the square of the mean, seen from the first number of a row, may be before its digits run out. */
const far: f64 = 16

/** What a row has above `origin`, and its squares: four sums of each at once, since one alone would wait for each addition. */
let sum: f32 = 0
let square: f32 = 0

function sumAbove(source: usize, width: i32, origin: f32): void {
  const origins = f32x4.splat(origin)
  let sum0 = i32x4.splat(0)
  let sum1 = sum0
  let sum2 = sum0
  let sum3 = sum0
  let square0 = sum0
  let square1 = sum0
  let square2 = sum0
  let square3 = sum0
  for (; width > 15; width -= 16) {
    const above0 = f32x4.sub(v128.load(source), origins)
    const above1 = f32x4.sub(v128.load(source, 16), origins)
    const above2 = f32x4.sub(v128.load(source, 32), origins)
    const above3 = f32x4.sub(v128.load(source, 48), origins)
    sum0 = f32x4.add(sum0, above0)
    sum1 = f32x4.add(sum1, above1)
    sum2 = f32x4.add(sum2, above2)
    sum3 = f32x4.add(sum3, above3)
    square0 = multiplyAdd(above0, above0, square0)
    square1 = multiplyAdd(above1, above1, square1)
    square2 = multiplyAdd(above2, above2, square2)
    square3 = multiplyAdd(above3, above3, square3)
    source += 64
  }
  for (; width > 0; width -= 4) {
    const above = v128.and(f32x4.sub(v128.load(source), origins), firstLanes(min(width, 4)))
    sum0 = f32x4.add(sum0, above)
    square0 = multiplyAdd(above, above, square0)
    source += 16
  }
  sum = sumOfLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)))
  square = sumOfLanes(f32x4.add(f32x4.add(square0, square1), f32x4.add(square2, square3)))
}

/**
 * Finds the mean and the deviation of a row in one round, from sums of what lies above its first number. A row whose first
 * number is far from the others takes a second round from the mean, so that neither has less digits than float32 has.
 */
export function measureRow(source: usize, width: i32, epsilon: f64): void {
  const origin = load<f32>(source)
  sumAbove(source, width, origin)
  let above = <f64>sum / <f64>width
  let variance = <f64>square / <f64>width - above * above
  center = <f32>(<f64>origin + above)
  residual = <f32>(<f64>origin + above - <f64>center)
  if (above * above > far * variance) {
    sumAbove(source, width, center)
    above = <f64>sum / <f64>width
    variance = <f64>square / <f64>width - above * above
    residual = <f32>above
  }
  inverse = <f32>(1 / Math.sqrt(variance + epsilon))
  if (!(square < huge) || (square < tiny && epsilon < 1e-12)) measureInDoubles(source, width, epsilon)
}

/** One over the root of the mean square of a row. */
export function measureSquares(source: usize, width: i32, epsilon: f64): void {
  center = 0
  residual = 0
  sumAbove(source, width, 0)
  inverse = <f32>(1 / Math.sqrt(<f64>square / <f64>width + epsilon))
  if (!(square < huge) || (square < tiny && epsilon < 1e-12)) inverse = inverseInDoubles(source, width, 0, epsilon)
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
