import { thread } from './team'

const mask: i32 = 0xffffff
export const weyl: i32 = 0x9e3779

/**
 * `other` plus the mixed half: with `keyed = upper 2^12 + lower`, the middle of its square is
 * `upper (keyed + lower) + floor(lower^2 / 2^12)`, of which the last 24 bits count.
 */
@inline
export function mix(half: v128, other: v128, key: v128, whole: v128, low: v128): v128 {
  const keyed = v128.and(i32x4.add(half, key), whole)
  const upper = i32x4.shr_u(keyed, 12)
  const lower = v128.and(keyed, low)
  const middle = i32x4.mul(upper, i32x4.add(keyed, lower))
  // Below 2^15, half words multiply in one instruction, where words take several.
  const end = i32x4.shr_u(i32x4.dot_i16x8_s(lower, lower), 12)
  return i32x4.add(i32x4.add(i32x4.add(other, keyed), end), middle)
}

/** Writes the eight words of four counters. */
@inline
function drawWords(
  target: usize,
  counter: v128,
  highs: v128,
  key0: v128,
  key1: v128,
  key2: v128,
  key3: v128,
  key4: v128,
  key5: v128,
  key6: v128,
  key7: v128,
  whole: v128,
  half: v128,
): void {
  let left = v128.and(counter, whole)
  let right = i32x4.add(highs, i32x4.shr_u(counter, 24))
  right = mix(left, right, key0, whole, half)
  left = mix(right, left, key1, whole, half)
  right = mix(left, right, key2, whole, half)
  left = mix(right, left, key3, whole, half)
  right = mix(left, right, key4, whole, half)
  left = mix(right, left, key5, whole, half)
  right = mix(left, right, key6, whole, half)
  left = v128.and(mix(right, left, key7, whole, half), whole)
  right = v128.and(right, whole)
  v128.store(target, v128.shuffle<i32>(left, right, 0, 4, 1, 5))
  v128.store(target, v128.shuffle<i32>(left, right, 2, 6, 3, 7), 16)
}

/**
 * Writes the words of `pairs` counters, two for each, and up to six more. The counter of the first is `low` plus `high` times 2^24,
 * and so is the key: the generator of @qkv/tensor. Four sets of counters go side by side, since one would wait for each of its steps.
 */
export function randomWords(
  target: usize,
  pairs: i32,
  low: i32,
  high: i32,
  keyLow: i32,
  keyHigh: i32,
): void {
  // Made once: engines would make them again in each round of the loop.
  const whole = i32x4.splat(mask)
  const half = i32x4.splat(0xfff)
  const four = i32x4.splat(4)
  const highs = i32x4.splat(high)
  const key0 = i32x4.splat(keyLow)
  const key1 = i32x4.splat(keyHigh)
  const key2 = i32x4.splat(keyLow + weyl)
  const key3 = i32x4.splat(keyHigh + weyl)
  const key4 = i32x4.splat(keyLow + 2 * weyl)
  const key5 = i32x4.splat(keyHigh + 2 * weyl)
  const key6 = i32x4.splat(keyLow + 3 * weyl)
  const key7 = i32x4.splat(keyHigh + 3 * weyl)
  let counter = i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3))
  for (; pairs > 12; pairs -= 16) {
    drawWords(target, counter, highs, key0, key1, key2, key3, key4, key5, key6, key7, whole, half)
    const next0 = i32x4.add(counter, four)
    drawWords(target + 32, next0, highs, key0, key1, key2, key3, key4, key5, key6, key7, whole, half)
    const next1 = i32x4.add(next0, four)
    drawWords(target + 64, next1, highs, key0, key1, key2, key3, key4, key5, key6, key7, whole, half)
    const next2 = i32x4.add(next1, four)
    drawWords(target + 96, next2, highs, key0, key1, key2, key3, key4, key5, key6, key7, whole, half)
    target += 128
    counter = i32x4.add(next2, four)
  }
  for (; pairs > 0; pairs -= 4) {
    drawWords(target, counter, highs, key0, key1, key2, key3, key4, key5, key6, key7, whole, half)
    target += 32
    counter = i32x4.add(counter, four)
  }
}

/** Words as multiples of 2^-24, up to past the end: `target` is a buffer of its own. */
function scaleWords(target: usize, words: usize, size: i32): void {
  const scale = f32x4.splat(<f32>(1.0 / 16777216.0))
  for (; size > 0; size -= 4) {
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(v128.load(words)), scale))
    words += 16
    target += 16
  }
}

/**
 * Zero where the word is below `bound`, elsewhere the number times `scale`. A choice, not a product with zero: whatever was
 * dropped may be Infinity or NaN.
 */
export function dropBelow(
  target: usize,
  source: usize,
  words: usize,
  size: i32,
  bound: i32,
  scale: f32,
): void {
  const bounds = i32x4.splat(bound)
  const scales = f32x4.splat(scale)
  for (; size > 3; size -= 4) {
    const dropped = i32x4.lt_s(v128.load(words), bounds)
    v128.store(target, v128.andnot(f32x4.mul(v128.load(source), scales), dropped))
    source += 16
    words += 16
    target += 16
  }
  for (; size > 0; --size) {
    store<f32>(target, load<i32>(words) < bound ? 0 : load<f32>(source) * scale)
    source += 4
    words += 4
    target += 4
  }
}

/** Units are pieces of so many elements: their words stay in the first cache until they are used. */
const piece: i32 = 2048

/** Where this thread's words are, of room for a piece for each thread. */
@inline
function wordsOf(scratch: usize): usize {
  return scratch + (<usize>thread * piece << 2)
}

export function uniform(
  first: i32,
  end: i32,
  target: usize,
  size: i32,
  keyLow: i32,
  keyHigh: i32,
  scratch: usize,
): void {
  const words = wordsOf(scratch)
  for (let unit = first; unit < end; ++unit) {
    const start = unit * piece
    const count = min(piece, size - start)
    const counter = start >> 1
    randomWords(words, (count + 1) >> 1, counter & mask, counter >> 24, keyLow, keyHigh)
    scaleWords(target + ((<usize>start) << 2), words, count)
  }
}

export function dropout(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  size: i32,
  keyLow: i32,
  keyHigh: i32,
  bound: i32,
  scale: f32,
  scratch: usize,
): void {
  const words = wordsOf(scratch)
  for (let unit = first; unit < end; ++unit) {
    const start = unit * piece
    const count = min(piece, size - start)
    const counter = start >> 1
    const place = (<usize>start) << 2
    randomWords(words, (count + 1) >> 1, counter & mask, counter >> 24, keyLow, keyHigh)
    dropBelow(target + place, source + place, words, count, bound, scale)
  }
}
