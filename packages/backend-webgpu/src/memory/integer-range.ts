/**
 * The smallest and the largest of some integers, and for each the next one that differs: known at upload, they tell whether all
 * indices lie within an axis, also when one value, such as that of padding, does not count.
 */
export interface IntegerRange {
  readonly count: number
  readonly low: readonly [number, number]
  readonly high: readonly [number, number]
  /** Where the smallest and the largest are first found. */
  readonly lowAt: number
  readonly highAt: number
}

export function integerRange(data: Int32Array): IntegerRange {
  let [low, nextLow, high, nextHigh] = [Infinity, Infinity, -Infinity, -Infinity]
  let [lowAt, highAt] = [0, 0]
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!
    if (value < low) {
      nextLow = low
      low = value
      lowAt = index
    } else if (value > low && value < nextLow) nextLow = value
    if (value > high) {
      nextHigh = high
      high = value
      highAt = index
    } else if (value < high && value > nextHigh) nextHigh = value
  }
  return { count: data.length, low: [low, nextLow], high: [high, nextHigh], lowAt, highAt }
}

/** A value outside of 0 to `length - 1`, other than `ignored`; `undefined` when all are inside. */
export function valueOutside(range: IntegerRange, length: number, ignored?: number): number | undefined {
  const low = range.low[0] === ignored ? range.low[1] : range.low[0]
  if (low < 0) return low
  const high = range.high[0] === ignored ? range.high[1] : range.high[0]
  return high >= length ? high : undefined
}
