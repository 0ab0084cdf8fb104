/** The first position whose index is not from 0 to `length - 1`, nor `ignored`; -1 where there is none. */
export function firstOutside(indices: usize, count: i32, length: i32, ignored: i32): i32 {
  for (let position = 0; position < count; ++position) {
    const index = load<i32>(indices + ((<usize>position) << 2))
    if (<u32>index >= <u32>length && index != ignored) return position
  }
  return -1
}

/** Slices of `bytes` of `length` in each block, in the order of the indices. Units are slices of the result. */
export function gather(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  indices: usize,
  count: i32,
  length: i32,
  bytes: usize,
): void {
  for (let unit = first; unit < end; ++unit) {
    const block = unit / count
    const index = load<i32>(indices + ((<usize>(unit - block * count)) << 2))
    const to = target + <usize>unit * bytes
    const from = source + (<usize>block * <usize>length + <usize>index) * bytes
    if (bytes == 4) store<i32>(to, load<i32>(from))
    else copySlice(to, from, bytes)
  }
}

/** Calling the engine for a copy costs more than a short one. */
function copySlice(target: usize, source: usize, bytes: usize): void {
  if (bytes > 2048) {
    memory.copy(target, source, bytes)
    return
  }
  const end = source + bytes
  for (; source + 16 <= end; source += 16) {
    v128.store(target, v128.load(source))
    target += 16
  }
  for (; source < end; ++source) {
    store<u8>(target, load<u8>(source))
    target += 1
  }
}

/**
 * Counting sort: the positions of each index in turn go to `order`, and where they end to `ends`, which has room for one more than
 * there are indices.
 */
export function sortPositions(indices: usize, count: i32, length: i32, ends: usize, order: usize): void {
  memory.fill(ends, 0, (<usize>length + 1) << 2)
  for (let position = 0; position < count; ++position) {
    const place = ends + 4 + ((<usize>load<i32>(indices + ((<usize>position) << 2))) << 2)
    store<i32>(place, load<i32>(place) + 1)
  }
  for (let index = 1; index <= length; ++index) {
    const place = ends + ((<usize>index) << 2)
    store<i32>(place, load<i32>(place) + load<i32>(place - 4))
  }
  for (let position = 0; position < count; ++position) {
    const place = ends + ((<usize>load<i32>(indices + ((<usize>position) << 2))) << 2)
    const next = load<i32>(place)
    store<i32>(order + ((<usize>next) << 2), position)
    store<i32>(place, next + 1)
  }
}

/** Each slice of the result is the sum, in doubles, of the updates of its index. Units are slices. */
@inline
function addSlices<T>(
  first: i32,
  end: i32,
  target: usize,
  updates: usize,
  ends: usize,
  order: usize,
  count: i32,
  length: i32,
  inner: i32,
): void {
  const bytes = (<usize>inner) << 2
  for (let unit = first; unit < end; ++unit) {
    const block = unit / length
    const slice = unit - block * length
    const to = target + <usize>unit * bytes
    const start = slice == 0 ? 0 : load<i32>(ends + ((<usize>slice) << 2) - 4)
    const last = load<i32>(ends + ((<usize>slice) << 2))
    const from = updates + <usize>block * <usize>count * bytes
    if (start == last) memory.fill(to, 0, bytes)
    else if (start + 1 == last) copySlice(to, from + <usize>load<i32>(order + ((<usize>start) << 2)) * bytes, bytes)
    else addUpdates<T>(to, from, order, start, last, inner)
  }
}

@inline
function addUpdates<T>(target: usize, updates: usize, order: usize, start: i32, end: i32, inner: i32): void {
  const bytes = (<usize>inner) << 2
  let column = 0
  for (; isFloat<T>() && column + 4 <= inner; column += 4) {
    const offset = (<usize>column) << 2
    let low = f64x2.splat(0)
    let high = low
    for (let place = start; place < end; ++place) {
      const from = updates + <usize>load<i32>(order + ((<usize>place) << 2)) * bytes + offset
      low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(from)))
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(from, 8)))
    }
    v128.store(
      target + offset,
      v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2),
    )
  }
  for (; column < inner; ++column) {
    const offset = (<usize>column) << 2
    let total: f64 = 0
    for (let place = start; place < end; ++place) {
      total += <f64>load<T>(updates + <usize>load<i32>(order + ((<usize>place) << 2)) * bytes + offset)
    }
    if (isFloat<T>()) store<f32>(target + offset, <f32>total)
    else store<i32>(target + offset, <i32>(<i64>total))
  }
}

export function scatterAdd(
  first: i32,
  end: i32,
  target: usize,
  updates: usize,
  ends: usize,
  order: usize,
  count: i32,
  length: i32,
  inner: i32,
): void {
  addSlices<f32>(first, end, target, updates, ends, order, count, length, inner)
}

export function scatterAddWhole(
  first: i32,
  end: i32,
  target: usize,
  updates: usize,
  ends: usize,
  order: usize,
  count: i32,
  length: i32,
  inner: i32,
): void {
  addSlices<i32>(first, end, target, updates, ends, order, count, length, inner)
}
