import { thread } from './team'

// Units are lines, `inner` of which lie beside each other; `k` results of each go to lines of as many elements.

/** A number as a whole number of the same order: all NaN alike above infinity, and the zeros alike. */
@inline
function rankOf(place: usize, isFloat: bool): i32 {
  const bits = load<i32>(place)
  if (!isFloat) return bits
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fffffff
  if (bits == <i32>0x80000000) return 0
  return bits < 0 ? bits ^ 0x7fffffff : bits
}

/**
 * Keeps a sorted list of the `k` largest so far in the results; most numbers are below its end and cost one comparison. For short
 * lists.
 */
export function listLargest(
  first: i32,
  end: i32,
  values: usize,
  indices: usize,
  source: usize,
  length: i32,
  inner: i32,
  k: i32,
  isFloat: bool,
): void {
  const step = (<usize>inner) << 2
  for (let line = first; line < end; ++line) {
    const block = line / inner
    const column = line - block * inner
    const from = source + ((<usize>block * <usize>length * <usize>inner + <usize>column) << 2)
    const offset = (<usize>block * <usize>k * <usize>inner + <usize>column) << 2
    const value = values + offset
    const index = indices + offset
    let filled = 0
    let least = i32.MIN_VALUE
    for (let position = 0; position < length; ++position) {
      const place = from + <usize>position * step
      const own = rankOf(place, isFloat)
      if (filled == k && own <= least) continue
      let rank = filled < k ? filled++ : k - 1
      for (; rank > 0; --rank) {
        const previous = <usize>(rank - 1) * step
        if (own <= rankOf(value + previous, isFloat)) break
        store<i32>(value + previous + step, load<i32>(value + previous))
        store<i32>(index + previous + step, load<i32>(index + previous))
      }
      store<i32>(value + <usize>rank * step, load<i32>(place))
      store<i32>(index + <usize>rank * step, position)
      least = rankOf(value + <usize>(filled - 1) * step, isFloat)
    }
  }
}

/** Sorts each line as a whole. `scratch` has 16 bytes for each of its elements, for each thread. */
export function sortLargest(
  first: i32,
  end: i32,
  values: usize,
  indices: usize,
  source: usize,
  length: i32,
  inner: i32,
  k: i32,
  isFloat: bool,
  scratch: usize,
): void {
  const step = (<usize>inner) << 2
  const keys = scratch + <usize>thread * ((<usize>length) << 4)
  for (let line = first; line < end; ++line) {
    const block = line / inner
    const column = line - block * inner
    const from = source + ((<usize>block * <usize>length * <usize>inner + <usize>column) << 2)
    for (let position = 0; position < length; ++position) {
      // Ascending keys are descending ranks, and ascending positions among equals.
      const rank = <u32>rankOf(from + <usize>position * step, isFloat) ^ 0x7fffffff
      store<u64>(keys + ((<usize>position) << 3), (<u64>rank << 32) | <u64>position)
    }
    const sorted = sortKeys(keys, keys + ((<usize>length) << 3), length)
    const offset = (<usize>block * <usize>k * <usize>inner + <usize>column) << 2
    for (let rank = 0; rank < k; ++rank) {
      const position = load<i32>(sorted + ((<usize>rank) << 3))
      const place = offset + <usize>rank * step
      store<i32>(indices + place, position)
      store<i32>(values + place, load<i32>(from + <usize>position * step))
    }
  }
}

/** Merges runs of double length in each round, from one place to the other; returns the place they end at. */
function sortKeys(keys: usize, other: usize, length: i32): usize {
  for (let run = 1; run < length; run <<= 1) {
    for (let start = 0; start < length; start += run << 1) {
      merge(other, keys, start, min(start + run, length), min(start + (run << 1), length))
    }
    const written = other
    other = keys
    keys = written
  }
  return keys
}

function merge(target: usize, source: usize, start: i32, middle: i32, end: i32): void {
  let left = source + ((<usize>start) << 3)
  let right = source + ((<usize>middle) << 3)
  const leftEnd = right
  const rightEnd = source + ((<usize>end) << 3)
  let place = target + ((<usize>start) << 3)
  while (left < leftEnd && right < rightEnd) {
    const a = load<u64>(left)
    const b = load<u64>(right)
    const fromLeft = a < b
    store<u64>(place, fromLeft ? a : b)
    left += fromLeft ? 8 : 0
    right += fromLeft ? 0 : 8
    place += 8
  }
  memory.copy(place, left, leftEnd - left)
  memory.copy(place + (leftEnd - left), right, rightEnd - right)
}
