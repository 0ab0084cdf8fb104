// Units are words, or for bytes bytes.

export function fillWords(first: i32, end: i32, target: usize, word: i32): void {
  const words = i32x4.splat(word)
  target += (<usize>first) << 2
  let count = end - first
  for (; count > 3; count -= 4) {
    v128.store(target, words)
    target += 16
  }
  for (; count > 0; --count) {
    store<i32>(target, word)
    target += 4
  }
}

export function fillFloats(first: i32, end: i32, target: usize, value: f32): void {
  fillWords(first, end, target, reinterpret<i32>(value))
}

export function fillBytes(first: i32, end: i32, target: usize, byte: i32): void {
  memory.fill(target + <usize>first, <u8>byte, <usize>(end - first))
}

/** `start + (index / inner % length) step`, computed in doubles. */
@inline
function count<T>(first: i32, end: i32, target: usize, length: i32, inner: i32, start: f64, step: f64): void {
  let line = first / inner
  let inside = first - line * inner
  line %= length
  for (let index = <usize>first; index < <usize>end; ++index) {
    store<T>(target + (index << 2), <T>(start + <f64>line * step))
    if (++inside == inner) {
      inside = 0
      if (++line == length) line = 0
    }
  }
}

export function countFloats(
  first: i32,
  end: i32,
  target: usize,
  length: i32,
  inner: i32,
  start: f64,
  step: f64,
): void {
  count<f32>(first, end, target, length, inner, start, step)
}

export function countWords(
  first: i32,
  end: i32,
  target: usize,
  length: i32,
  inner: i32,
  start: f64,
  step: f64,
): void {
  count<i32>(first, end, target, length, inner, start, step)
}
