/** One where `a` is below `b`, else zero, as bytes: rows of two operands that go along them, or stay where their step is 0. */
export function less(
  target: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  const one = i32x4.splat(1)
  for (; rows > 0; --rows) {
    let left = a
    let right = b
    let count = columns
    for (; count > 3; count -= 4) {
      const own = aStep ? v128.load(left) : v128.load32_splat(left)
      const other = bStep ? v128.load(right) : v128.load32_splat(right)
      const words = v128.and(f32x4.lt(own, other), one)
      const halves = i16x8.narrow_i32x4_u(words, words)
      v128.store_lane<u32>(target, i8x16.narrow_i16x8_u(halves, halves), 0)
      left += aStep << 2
      right += bStep << 2
      target += 4
    }
    for (; count > 0; --count) {
      store<u8>(target, u8(load<f32>(left) < load<f32>(right)))
      left += aStep
      right += bStep
      target += 1
    }
    a += aRow
    b += bRow
  }
}

/** Words of `a` where the byte of the condition is not zero, else those of `b`; a step of 0 stays where it is. */
export function where(
  target: usize,
  condition: usize,
  conditionRow: usize,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  rows: i32,
  columns: i32,
): void {
  const zero = i32x4.splat(0)
  for (; rows > 0; --rows) {
    let flags = condition
    let left = a
    let right = b
    let count = columns
    for (; count > 3; count -= 4) {
      const own = aStep ? v128.load(left) : v128.load32_splat(left)
      const other = bStep ? v128.load(right) : v128.load32_splat(right)
      const halves = i16x8.extend_low_i8x16_u(v128.load32_zero(flags))
      const refused = i32x4.eq(i32x4.extend_low_i16x8_u(halves), zero)
      v128.store(target, v128.bitselect(other, own, refused))
      flags += 4
      left += aStep << 2
      right += bStep << 2
      target += 16
    }
    for (; count > 0; --count) {
      store<i32>(target, load<u8>(flags) ? load<i32>(left) : load<i32>(right))
      flags += 1
      left += aStep
      right += bStep
      target += 4
    }
    condition += conditionRow
    a += aRow
    b += bRow
  }
}
