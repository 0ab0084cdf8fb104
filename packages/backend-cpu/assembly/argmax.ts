import { largestLane } from './vector'

/** The largest number of a line, NaN before all. */
@inline
function peakOf<T>(source: usize, step: usize, length: i32): T {
  let peak = load<T>(source)
  if (step == 4 && length > 3) {
    let peaks = v128.load(source)
    for (; length > 3; length -= 4) {
      peaks = v128.max<T>(peaks, v128.load(source))
      source += 16
    }
    if (isFloat<T>()) peak = <T>largestLane(peaks)
    else {
      peak = <T>max(
        max(i32x4.extract_lane(peaks, 0), i32x4.extract_lane(peaks, 1)),
        max(i32x4.extract_lane(peaks, 2), i32x4.extract_lane(peaks, 3)),
      )
    }
  }
  for (; length > 0; --length) {
    peak = max<T>(peak, load<T>(source))
    source += step
  }
  return peak
}

/** The first of equals; the first NaN before all. Units are lines, `inner` of which lie beside each other. */
@inline
function search<T>(first: i32, end: i32, target: usize, source: usize, length: i32, inner: i32): void {
  const step = (<usize>inner) << 2
  for (let line = first; line < end; ++line) {
    const block = line / inner
    let place = source + ((<usize>block * <usize>(length - 1) * <usize>inner + <usize>line) << 2)
    const peak = peakOf<T>(place, step, length)
    const number = peak == peak
    let index = 0
    while (number ? load<T>(place) != peak : load<T>(place) == load<T>(place)) {
      place += step
      index += 1
    }
    store<i32>(target + ((<usize>line) << 2), index)
  }
}

export function argmax(first: i32, end: i32, target: usize, source: usize, length: i32, inner: i32): void {
  search<f32>(first, end, target, source, length, inner)
}

export function argmaxWhole(first: i32, end: i32, target: usize, source: usize, length: i32, inner: i32): void {
  search<i32>(first, end, target, source, length, inner)
}
