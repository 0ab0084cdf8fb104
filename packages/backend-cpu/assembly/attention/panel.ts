import { exponential, exponentialOfNegative } from '../exponential'
import { panelBytes } from './plan'
import { capped } from './row'

// A panel holds the scores of eight queries, one row of two vectors per key, `stride` bytes from the next.

/** Bounds scores softly. */
export function capPanel(panel: usize, stride: usize, rows: i32, softcap: f32): void {
  for (; rows > 0; --rows) {
    v128.store(panel, capped(v128.load(panel), softcap))
    v128.store(panel, capped(v128.load(panel, 16), softcap), 16)
    panel += stride
  }
}

/** Writes the slopes of the soft cap where it has led to these scores, in rows as far apart. */
export function slopesOfCap(slopes: usize, panel: usize, stride: usize, rows: i32, softcap: f32): void {
  const factors = f32x4.splat(1 / softcap)
  const one = f32x4.splat(1)
  for (; rows > 0; --rows) {
    const a = f32x4.mul(v128.load(panel), factors)
    const b = f32x4.mul(v128.load(panel, 16), factors)
    v128.store(slopes, f32x4.sub(one, f32x4.mul(a, a)))
    v128.store(slopes, f32x4.sub(one, f32x4.mul(b, b)), 16)
    panel += stride
    slopes += stride
  }
}

/** Adds another panel, whose rows lie next to each other. */
export function addPanel(panel: usize, stride: usize, rows: i32, other: usize): void {
  for (; rows > 0; --rows) {
    v128.store(panel, f32x4.add(v128.load(panel), v128.load(other)))
    v128.store(panel, f32x4.add(v128.load(panel, 16), v128.load(other, 16)), 16)
    panel += stride
    other += panelBytes
  }
}

/** Minus infinity where the byte of a key and a query is 0; the bytes of a key are `keepStride` from those of the next. */
export function maskPanel(panel: usize, stride: usize, rows: i32, keep: usize, keepStride: usize): void {
  const zero = i32x4.splat(0)
  const masked = f32x4.splat(-Infinity)
  for (; rows > 0; --rows) {
    const kept = v128.load_ext<u8>(keep)
    const a = i32x4.eq(i32x4.extend_low_i16x8_u(kept), zero)
    const b = i32x4.eq(i32x4.extend_high_i16x8_u(kept), zero)
    v128.store(panel, v128.bitselect(masked, v128.load(panel), a))
    v128.store(panel, v128.bitselect(masked, v128.load(panel, 16), b), 16)
    panel += stride
    keep += keepStride
  }
}

/**
 * Minus infinity for keys more than `left` before or `right` after their query, the first of which is at `position`; `key` is the
 * first key. Rows between those where that can be are not touched.
 */
export function maskEdges(
  panel: usize,
  stride: usize,
  rows: i32,
  key: i32,
  position: i32,
  left: i32,
  right: i32,
): void {
  const seenByAll = min(rows, max(0, position + 7 - left - key))
  const seenByFirst = min(rows, max(seenByAll, position + right + 1 - key))
  maskRows(panel, stride, 0, seenByAll, key, position, left, right)
  maskRows(panel, stride, seenByFirst, rows, key, position, left, right)
}

@inline
function maskRows(
  panel: usize,
  stride: usize,
  from: i32,
  to: i32,
  key: i32,
  position: i32,
  left: i32,
  right: i32,
): void {
  const lefts = i32x4.splat(-left)
  const rights = i32x4.splat(right)
  const masked = f32x4.splat(-Infinity)
  for (let row = from; row < to; ++row) {
    const place = panel + <usize>row * stride
    const distance = i32x4.sub(i32x4.splat(key + row - position), i32x4(0, 1, 2, 3))
    const further = i32x4.sub(distance, i32x4.splat(4))
    const a = v128.or(i32x4.lt_s(distance, lefts), i32x4.gt_s(distance, rights))
    const b = v128.or(i32x4.lt_s(further, lefts), i32x4.gt_s(further, rights))
    v128.store(place, v128.bitselect(masked, v128.load(place), a))
    v128.store(place, v128.bitselect(masked, v128.load(place, 16), b), 16)
  }
}

/** Raises the `peaks` of eight queries to their largest scores, if those are larger. Returns whether any was. */
export function raisePeaks(peaks: usize, panel: usize, stride: usize, rows: i32): bool {
  const before0 = v128.load(peaks)
  const before1 = v128.load(peaks, 16)
  let a = before0
  let b = before1
  for (; rows > 0; --rows) {
    a = f32x4.pmax(a, v128.load(panel))
    b = f32x4.pmax(b, v128.load(panel, 16))
    panel += stride
  }
  v128.store(peaks, a)
  v128.store(peaks, b, 16)
  return v128.any_true(v128.or(f32x4.gt(a, before0), f32x4.gt(b, before1)))
}

/** 0 for minus infinity: a query without keys has no maximum, and exponentials of what is below 0 are 0, not NaN. */
@inline
export function finiteShift(peaks: v128): v128 {
  return v128.andnot(peaks, f32x4.eq(peaks, f32x4.splat(-Infinity)))
}

/** Replaces scores by the exponentials of what they have above `shifts`, and adds those to `totals`. */
export function exponentiatePanel(
  panel: usize,
  stride: usize,
  rows: i32,
  shifts: usize,
  totals: usize,
): void {
  const shift0 = finiteShift(v128.load(shifts))
  const shift1 = finiteShift(v128.load(shifts, 16))
  let a = i32x4.splat(0)
  let b = a
  for (; rows > 0; --rows) {
    const value0 = exponentialOfNegative(f32x4.sub(v128.load(panel), shift0))
    const value1 = exponentialOfNegative(f32x4.sub(v128.load(panel, 16), shift1))
    v128.store(panel, value0)
    v128.store(panel, value1, 16)
    a = f32x4.add(a, value0)
    b = f32x4.add(b, value1)
    panel += stride
  }
  v128.store(totals, f32x4.add(v128.load(totals), a))
  v128.store(totals, f32x4.add(v128.load(totals, 16), b), 16)
}

/** What sums of exponentials above `before` must be multiplied with, to be those above `after`. */
export function changeOfShift(factors: usize, before: usize, after: usize): void {
  for (let lane: usize = 0; lane < 32; lane += 16) {
    const change = f32x4.sub(v128.load(before + lane), finiteShift(v128.load(after + lane)))
    v128.store(factors + lane, exponential(change))
  }
}

/** Multiplies the lanes of each row by their factors. */
export function scaleLanes(panel: usize, stride: usize, rows: i32, factors: usize): void {
  const a = v128.load(factors)
  const b = v128.load(factors, 16)
  for (; rows > 0; --rows) {
    v128.store(panel, f32x4.mul(v128.load(panel), a))
    v128.store(panel, f32x4.mul(v128.load(panel, 16), b), 16)
    panel += stride
  }
}

/** Drops what has a word below `bound`, and multiplies the others by `scale`. The words' rows lie next to each other. */
export function dropPanel(panel: usize, stride: usize, rows: i32, words: usize, bound: i32, scale: f32): void {
  const bounds = i32x4.splat(bound)
  const scales = f32x4.splat(scale)
  for (; rows > 0; --rows) {
    const a = f32x4.mul(v128.load(panel), scales)
    const b = f32x4.mul(v128.load(panel, 16), scales)
    v128.store(panel, v128.andnot(a, i32x4.lt_s(v128.load(words), bounds)))
    v128.store(panel, v128.andnot(b, i32x4.lt_s(v128.load(words, 16), bounds)), 16)
    panel += stride
    words += panelBytes
  }
}
