import { thread } from './team'

/** A number as a whole number of the same order: all NaN alike above infinity, and the zeros alike. */
@inline
function rankOf(place: usize, isFloat: bool): i32 {
  const bits = load<i32>(place)
  if (!isFloat) return bits
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fffffff
  if (bits == <i32>0x80000000) return 0
  return bits < 0 ? bits ^ 0x7fffffff : bits
}

/** What orders elements: the larger number before the smaller, and the first of equals before the others. */
@inline
function keyOf(place: usize, position: i32, isFloat: bool): u64 {
  const rank = <u32>rankOf(place, isFloat) ^ 0x80000000
  return (<u64>rank << 32) | <u64>(~(<u32>position))
}

@inline
function positionOf(key: u64): i32 {
  return ~(<i32>key)
}

/** Puts a key where the first of a heap was, whose least key comes first. */
function replaceFirst(heap: usize, size: usize, key: u64): void {
  let place: usize = 0
  while (true) {
    let child: usize = 2 * place + 1
    if (child >= size) break
    let least = load<u64>(heap + (child << 3))
    if (child + 1 < size) {
      const other = load<u64>(heap + (child << 3), 8)
      if (other < least) {
        least = other
        child += 1
      }
    }
    if (least >= key) break
    store<u64>(heap + (place << 3), least)
    place = child
  }
  store<u64>(heap + (place << 3), key)
}

/** Puts a key behind the last of a heap. */
function append(heap: usize, size: usize, key: u64): void {
  let place = size
  while (place > 0) {
    const parent = (place - 1) >> 1
    const other = load<u64>(heap + (parent << 3))
    if (other <= key) break
    store<u64>(heap + (place << 3), other)
    place = parent
  }
  store<u64>(heap + (place << 3), key)
}

/** How many of the next elements, in fours, are not above the least of the heap: most of a line. */
@inline
function countBelow(from: usize, count: i32, least: v128, isFloat: bool): i32 {
  let passed = 0
  for (; passed + 4 <= count; passed += 4) {
    const next = v128.load(from + ((<usize>passed) << 2))
    const above = isFloat ? v128.or(f32x4.gt(next, least), f32x4.ne(next, next)) : i32x4.gt_s(next, least)
    if (v128.any_true(above)) break
  }
  return passed
}

/**
 * The `k` largest elements of each line, the largest first. Units are lines, `inner` of which lie beside each other; the results of
 * each go to lines of as many elements. `scratch` has `8 k` bytes for each thread: a heap of the largest so far.
 */
export function topK(
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
  const heap = scratch + <usize>thread * ((<usize>k) << 3)
  for (let line = first; line < end; ++line) {
    const block = line / inner
    const column = line - block * inner
    const from = source + ((<usize>block * <usize>length * <usize>inner + <usize>column) << 2)
    for (let position = 0; position < k; ++position) {
      append(heap, <usize>position, keyOf(from + <usize>position * step, position, isFloat))
    }
    let position = k
    while (position < length) {
      let least = load<u64>(heap)
      if (inner == 1) {
        const bound = v128.load32_splat(from + ((<usize>positionOf(least)) << 2))
        position += countBelow(from + ((<usize>position) << 2), length - position, bound, isFloat)
      }
      const stop = min(length, position + 4)
      for (; position < stop; ++position) {
        const key = keyOf(from + <usize>position * step, position, isFloat)
        if (key > least) {
          replaceFirst(heap, <usize>k, key)
          least = load<u64>(heap)
        }
      }
    }
    const offset = (<usize>block * <usize>k * <usize>inner + <usize>column) << 2
    for (let rank = k - 1; rank >= 0; --rank) {
      const position = positionOf(load<u64>(heap))
      const place = offset + <usize>rank * step
      store<i32>(indices + place, position)
      store<i32>(values + place, load<i32>(from + <usize>position * step))
      replaceFirst(heap, <usize>rank, load<u64>(heap + ((<usize>rank) << 3)))
    }
  }
}
