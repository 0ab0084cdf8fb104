/** Up to four words that are `step` bytes apart; those after the first `count` are never read where they may be outside of the memory. */
@inline
export function wordsAt(place: usize, step: usize, count: i32): v128 {
  if (step == 4) return v128.load(place)
  if (step == 0) return v128.load32_splat(place)
  let words = v128.load32_zero(place)
  if (count > 1) words = v128.load32_lane(place + step, words, 1)
  if (count > 2) words = v128.load32_lane(place + 2 * step, words, 2)
  if (count > 3) words = v128.load32_lane(place + 3 * step, words, 3)
  return words
}

/** The same for bytes, each in the low byte of a word. */
@inline
export function bytesAt(place: usize, step: usize, count: i32): v128 {
  if (step == 1) return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(place)))
  if (step == 0) return i32x4.splat(<i32>load<u8>(place))
  let bytes = i32x4.splat(<i32>load<u8>(place))
  if (count > 1) bytes = i32x4.replace_lane(bytes, 1, <i32>load<u8>(place + step))
  if (count > 2) bytes = i32x4.replace_lane(bytes, 2, <i32>load<u8>(place + 2 * step))
  if (count > 3) bytes = i32x4.replace_lane(bytes, 3, <i32>load<u8>(place + 3 * step))
  return bytes
}

/** Elements of a type, words or bytes. */
@inline
export function lanesAt<T>(place: usize, step: usize, count: i32): v128 {
  return sizeof<T>() == 1 ? bytesAt(place, step, count) : wordsAt(place, step, count)
}

/** Words that are 0 or 1 as bytes next to each other; `count` of them, up to four. */
@inline
export function storeFlags(target: usize, words: v128, count: i32): void {
  const halves = i16x8.narrow_i32x4_u(words, words)
  const bytes = i8x16.narrow_i16x8_u(halves, halves)
  if (count > 3) v128.store32_lane(target, bytes, 0)
  else {
    store<u8>(target, i8x16.extract_lane_u(bytes, 0))
    if (count > 1) store<u8>(target, i8x16.extract_lane_u(bytes, 1), 1)
    if (count > 2) store<u8>(target, i8x16.extract_lane_u(bytes, 2), 2)
  }
}
