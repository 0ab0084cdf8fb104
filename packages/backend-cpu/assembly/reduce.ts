/** Sums as doubles of numbers next to each other. */
@inline
function sumOfRow(source: usize, width: i32): f64 {
  let even = f64x2.splat(0)
  let odd = f64x2.splat(0)
  for (; width > 3; width -= 4) {
    even = f64x2.add(even, f64x2.promote_low_f32x4(v128.load64_zero(source)))
    odd = f64x2.add(odd, f64x2.promote_low_f32x4(v128.load64_zero(source, 8)))
    source += 16
  }
  const sums = f64x2.add(even, odd)
  let total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  for (; width > 0; --width) {
    total += <f64>load<f32>(source)
    source += 4
  }
  return total
}

/** The sum of each row, divided. */
export function sumRows(target: usize, source: usize, row: usize, rows: i32, width: i32, divisor: f64): void {
  for (; rows > 0; --rows) {
    store<f32>(target, <f32>(sumOfRow(source, width) / divisor))
    source += row
    target += 4
  }
}

/** The sum of each column, divided: eight columns at a time, in doubles that stay in registers. */
export function sumColumns(
  target: usize,
  source: usize,
  row: usize,
  rows: i32,
  width: i32,
  divisor: f64,
): void {
  for (; width > 7; width -= 8) {
    let sum0 = f64x2.splat(0)
    let sum1 = sum0
    let sum2 = sum0
    let sum3 = sum0
    let from = source
    for (let count = rows; count > 0; --count) {
      sum0 = f64x2.add(sum0, f64x2.promote_low_f32x4(v128.load64_zero(from)))
      sum1 = f64x2.add(sum1, f64x2.promote_low_f32x4(v128.load64_zero(from, 8)))
      sum2 = f64x2.add(sum2, f64x2.promote_low_f32x4(v128.load64_zero(from, 16)))
      sum3 = f64x2.add(sum3, f64x2.promote_low_f32x4(v128.load64_zero(from, 24)))
      from += row
    }
    const divisors = f64x2.splat(divisor)
    storePairs(target, f64x2.div(sum0, divisors), f64x2.div(sum1, divisors))
    storePairs(target + 16, f64x2.div(sum2, divisors), f64x2.div(sum3, divisors))
    source += 32
    target += 32
  }
  for (; width > 0; --width) {
    let total: f64 = 0
    let from = source
    for (let count = rows; count > 0; --count) {
      total += <f64>load<f32>(from)
      from += row
    }
    store<f32>(target, <f32>(total / divisor))
    source += 4
    target += 4
  }
}

@inline
function storePairs(target: usize, low: v128, high: v128): void {
  v128.store(
    target,
    v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2),
  )
}
