import type { HostArray } from '@qkv/tensor'

/** Floats, which all numbers and in some modes positions are computed with, hold each whole number up to here. */
export const largestExactInteger: number = 2 ** 24

/** The smallest and the largest of some numbers, and those next to them: one value, such as that of padding, may not count. */
export interface IntegerRange {
  readonly low: readonly [smallest: number, next: number]
  readonly high: readonly [largest: number, next: number]
}

/** `undefined` of no numbers. */
export function rangeOf(data: HostArray): IntegerRange | undefined {
  if (data.length === 0) return undefined
  let [smallest, afterSmallest, largest, beforeLargest] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const value of data) {
    if (value < smallest) [smallest, afterSmallest] = [value, smallest]
    else if (value > smallest && value < afterSmallest) afterSmallest = value
    if (value > largest) [largest, beforeLargest] = [value, largest]
    else if (value < largest && value > beforeLargest) beforeLargest = value
  }
  return { low: [smallest, afterSmallest], high: [largest, beforeLargest] }
}

/** A number that is no index of an axis of this length, nor `ignored`; `undefined` when all are. */
export function numberOutside(
  { low, high }: IntegerRange,
  length: number,
  ignored?: number,
): number | undefined {
  const smallest = low[0] === ignored ? low[1] : low[0]
  if (smallest < 0) return smallest
  const largest = high[0] === ignored ? high[1] : high[0]
  return largest >= length ? largest : undefined
}
