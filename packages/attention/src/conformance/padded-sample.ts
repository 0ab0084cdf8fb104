import type { Device, HostArray, Tensor } from '@qkv/tensor'
import { mismatch, type Tolerance } from '@qkv/tensor/conformance'
import { sampleSizes } from './sample-attention.ts'

const { length, width } = sampleSizes

/** Where positions of a sample are filled up, one pattern for each batch entry. */
const paddings = [
  { where: 'at the end', keep: [true, true, true, false, false] },
  { where: 'at the start', keep: [false, false, true, true, true] },
  { where: 'in the middle', keep: [true, true, false, false, true] },
] as const

/** The side input `padding` of the first positions, `[batch, count]`. */
export function samplePadding(device: Device, count: number = length): Tensor {
  return device.tensor(paddings.map(({ keep }) => keep.slice(0, count)))
}

/** Other numbers for all filled-up positions, by their index in the input. */
export function changesOfPadding(): ReadonlyMap<number, number> {
  const changes = new Map<number, number>()
  for (const [entry, { keep }] of paddings.entries()) {
    for (let index = 0; index < length * width; index++) {
      if (!keep[Math.floor(index / width)]) changes.set(entry * length * width + index, 7 + index)
    }
  }
  return changes
}

/** Compares the outputs of real positions only, `[batch, position, width]` from the position `start` on: those of others mean nothing. */
export function mismatchOfReal(
  got: HostArray | readonly number[],
  wanted: HostArray | readonly number[],
  tolerance: Tolerance,
  start = 0,
): string | null {
  const rows = wanted.length / paddings.length / width
  for (const [entry, { where, keep }] of paddings.entries()) {
    for (let row = 0; row < rows; row++) {
      if (!keep[start + row]) continue
      const of = (values: ArrayLike<number>): number[] =>
        Array.from({ length: width }, (_, column) => values[(entry * rows + row) * width + column]!)
      const found = mismatch(of(got), of(wanted), tolerance)
      if (found) return `padding ${where}, position ${start + row}: ${found}`
    }
  }
  return null
}
