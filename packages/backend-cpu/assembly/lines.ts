import { exponentialOfNegative } from './exponential'
import { storeUpToFour } from './vector'

// Lines along an axis that is not the last one: `inner` of them lie beside each other, and a step along them is `inner` elements.
// Units are groups of up to four lines, none of which goes on in the next block of `length` times `inner` elements.

/** Softmax of lines, or its logarithm. */
@inline
function normalizeLines(
  logarithm: bool,
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  length: i32,
  inner: i32,
): void {
  const groups = (inner + 3) >> 2
  const step = (<usize>inner) << 2
  for (let unit = first; unit < end; ++unit) {
    const block = unit / groups
    const column = (unit - block * groups) << 2
    const count = min(4, inner - column)
    const offset = (<usize>block * <usize>length * <usize>inner + <usize>column) << 2
    const from = source + offset
    const to = target + offset
    const last = from + <usize>length * step
    let peaks = f32x4.splat(-Infinity)
    for (let place = from; place < last; place += step) peaks = f32x4.pmax(peaks, v128.load(place))
    let low = f64x2.splat(0)
    let high = low
    for (let place = from; place < last; place += step) {
      const value = exponentialOfNegative(f32x4.sub(v128.load(place), peaks))
      low = f64x2.add(low, f64x2.promote_low_f32x4(value))
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0)))
      if (!logarithm) storeUpToFour(to + (place - from), value, count)
    }
    if (logarithm) {
      const shifts = f32x4(
        <f32>Math.log(f64x2.extract_lane(low, 0)),
        <f32>Math.log(f64x2.extract_lane(low, 1)),
        <f32>Math.log(f64x2.extract_lane(high, 0)),
        <f32>Math.log(f64x2.extract_lane(high, 1)),
      )
      for (let place = from; place < last; place += step) {
        storeUpToFour(to + (place - from), f32x4.sub(f32x4.sub(v128.load(place), peaks), shifts), count)
      }
    } else {
      const one = f64x2.splat(1)
      const shares = v128.shuffle<i64>(
        f32x4.demote_f64x2_zero(f64x2.div(one, low)),
        f32x4.demote_f64x2_zero(f64x2.div(one, high)),
        0,
        2,
      )
      for (let place = to; place < to + <usize>length * step; place += step) {
        storeUpToFour(place, f32x4.mul(v128.load(place), shares), count)
      }
    }
  }
}

export function softmaxLines(first: i32, end: i32, target: usize, source: usize, length: i32, inner: i32): void {
  normalizeLines(false, first, end, target, source, length, inner)
}

export function logSoftmaxLines(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  length: i32,
  inner: i32,
): void {
  normalizeLines(true, first, end, target, source, length, inner)
}

/** Running totals, in doubles, of lines, from their other end when reversed. Units are lines. */
@inline
function addAlong<T>(first: i32, end: i32, target: usize, source: usize, length: i32, inner: i32, reverse: bool): void {
  const step = reverse ? -(<usize>inner << 2) : <usize>inner << 2
  const skipped = reverse ? (<usize>(length - 1) * <usize>inner) << 2 : 0
  for (let unit = first; unit < end; ++unit) {
    const block = unit / inner
    let place = ((<usize>block * <usize>(length - 1) * <usize>inner + <usize>unit) << 2) + skipped
    let total: f64 = 0
    for (let count = length; count > 0; --count) {
      total += <f64>load<T>(source + place)
      if (isFloat<T>()) store<f32>(target + place, <f32>total)
      else store<i32>(target + place, <i32>(<i64>total))
      place += step
    }
  }
}

export function cumsum(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  length: i32,
  inner: i32,
  reverse: bool,
): void {
  addAlong<f32>(first, end, target, source, length, inner, reverse)
}

export function cumsumWhole(
  first: i32,
  end: i32,
  target: usize,
  source: usize,
  length: i32,
  inner: i32,
  reverse: bool,
): void {
  addAlong<i32>(first, end, target, source, length, inner, reverse)
}
