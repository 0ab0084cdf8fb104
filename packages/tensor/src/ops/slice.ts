import { ArgumentError } from '../errors/argument-error.ts'
import type { ViewOp } from '../op.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcastTo } from './broadcast-to.ts'
import { concat } from './concat.ts'
import { full } from './full.ts'
import { pad } from './pad.ts'
import { reshape } from './reshape.ts'

interface SliceAttrs {
  readonly start: readonly number[]
  readonly size: readonly number[]
  readonly step: readonly number[]
}

export const sliceOp: ViewOp<SliceAttrs> = {
  name: 'qkv/slice',
  kind: 'view',
  infer([x], { start, size, step }) {
    x!.shape.forEach((length, axis) => {
      const last = start[axis]! + (size[axis]! - 1) * step[axis]!
      const inside =
        size[axis] === 0 || (start[axis]! >= 0 && last >= 0 && Math.max(start[axis]!, last) < length)
      if (inside && step[axis] !== 0) return
      throw new ArgumentError({
        operation: 'slice',
        argument: `axis ${axis}`,
        got: `starts at ${start[axis]} and takes ${size[axis]} in steps of ${step[axis]}`,
        expected: `a range within the ${length} elements of 'x' ${formatShape(x!.shape)}`,
        fix: 'Move the start, or take fewer elements.',
      })
    })
    return [{ shape: size, dtype: x!.dtype }]
  },
  relayout: ({ strides, offset }, _, { start, step }) => ({
    strides: strides.map((stride, axis) => stride * step[axis]!),
    offset: strides.reduce((sum, stride, axis) => sum + stride * start[axis]!, offset),
  }),
  vjp({ inputs: [x], gradient, attrs: { start, step } }) {
    let spread = gradient
    let axes: { axis: number; before: number; after: number }[] = []
    for (let axis = 0; axis < x!.rank; axis++) {
      const backwards = step[axis]! < 0
      if (backwards) spread = flipAxis(spread, axis)
      const stride = Math.abs(step[axis]!)
      if (stride > 1) spread = spaceOut(spread, axis, stride)
      const length = spread.shape[axis]!
      const first = backwards ? start[axis]! - (length - 1) : start[axis]!
      const before = length === 0 ? 0 : first
      const after = x!.shape[axis]! - before - length
      if (before > 0 || after > 0) axes.push({ axis, before, after })
    }
    if (axes.length === 0) return [spread]
    const before = x!.shape.map((_, axis) => axes.find((entry) => entry.axis === axis)?.before ?? 0)
    const after = x!.shape.map((_, axis) => axes.find((entry) => entry.axis === axis)?.after ?? 0)
    return [pad(spread, { before, after, value: 0 })]
  },
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [4, 5] }], attrs: { start: [1, 0], size: [2, 5], step: [1, 1] } },
    { inputs: [{ shape: [5, 6] }], attrs: { start: [0, 1], size: [3, 2], step: [2, 3] } },
    { inputs: [{ shape: [5] }], attrs: { start: [4], size: [5], step: [-1] } },
    { inputs: [{ shape: [6] }], attrs: { start: [4], size: [2], step: [-3] } },
    { inputs: [{ shape: [3, 2] }], attrs: { start: [3, 0], size: [0, 2], step: [1, 1] } },
  ],
}

function flipAxis(x: Tensor, axis: number): Tensor {
  const ranges = x.shape.map((length, index) => (index === axis ? { start: length - 1, step: -1 } : {}))
  return x.shape[axis] === 0 ? x : slice(x, ranges)
}

/** Puts `stride - 1` zeros between neighbours along an axis. */
function spaceOut(x: Tensor, axis: number, stride: number): Tensor {
  const length = x.shape[axis]!
  if (length < 2) return x
  const lead = x.shape.slice(0, axis)
  const rest = x.shape.slice(axis + 1)
  const column = reshape(x, [...lead, length, 1, ...rest])
  const zeros = broadcastTo(full(x.device, [], 0), [...lead, length, stride - 1, ...rest])
  const spaced = reshape(concat([column, zeros], { axis: axis + 1 }), [...lead, length * stride, ...rest])
  return slice(
    spaced,
    spaced.shape.map((_, index) => (index === axis ? { size: (length - 1) * stride + 1 } : {})),
  )
}

/** A range along one axis. A negative `start` counts from the end. */
export interface SliceRange {
  /** First index, 0 unless said. */
  readonly start?: number
  /** How many elements; all that follow unless said. */
  readonly size?: number
  /** 1 unless said; negative walks backwards. */
  readonly step?: number
}

/**
 * A part of a tensor, without moving data: one range per axis, further axes are taken whole.
 * Throws an `ArgumentError` when a range leaves the tensor.
 *
 * @example
 * const lastToken = slice(logits, [{}, { start: -1 }]) // [batch, 1, vocabulary]
 */
export function slice(x: Tensor, ranges: readonly SliceRange[]): Tensor {
  if (ranges.length > x.rank) {
    throw new ArgumentError({
      operation: 'slice',
      argument: 'ranges',
      got: `has ${ranges.length} entries`,
      expected: `at most ${x.rank}, one per axis of 'x' ${formatShape(x.shape)}`,
      fix: 'Remove the extra ranges.',
    })
  }
  const start: number[] = []
  const size: number[] = []
  const step: number[] = []
  for (let axis = 0; axis < x.rank; axis++) {
    const range = ranges[axis] ?? {}
    const length = x.shape[axis]!
    const stride = range.step ?? 1
    const first = range.start === undefined ? 0 : range.start < 0 ? range.start + length : range.start
    const available = stride > 0 ? length - first : first + 1
    start.push(first)
    step.push(stride)
    size.push(range.size ?? Math.max(0, Math.ceil(available / Math.abs(stride))))
  }
  return x.device.applySingle(sliceOp, [x], { start, size, step })
}
