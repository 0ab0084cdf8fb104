import { ArgumentError } from '../errors/argument-error.ts'
import type { ViewOp } from '../op.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { reshape } from './reshape.ts'
import { scatterAdd } from './scatter-add.ts'
import { transpose } from './transpose.ts'

interface UnfoldAttrs {
  readonly axis: number
  readonly size: number
  readonly step: number
  readonly dilation: number
}

export const unfoldOp: ViewOp<UnfoldAttrs> = {
  name: 'qkv/unfold',
  kind: 'view',
  infer([x], attrs) {
    const { axis, size, step, dilation } = attrs
    for (const argument of ['size', 'step', 'dilation'] as const) {
      if (Number.isInteger(attrs[argument]) && attrs[argument] >= 1) continue
      throw new ArgumentError({
        operation: 'unfold',
        argument,
        got: `is ${attrs[argument]}`,
        expected: 'a whole number from 1',
        fix: 'Leave `step` and `dilation` out for windows of neighbours at every position.',
      })
    }
    const reach = (size - 1) * dilation + 1
    const length = x!.shape[axis]!
    if (reach > length) {
      throw new ArgumentError({
        operation: 'unfold',
        argument: 'size',
        got: `is ${size}, which with dilation ${dilation} spans ${reach} elements`,
        expected: `at most the ${length} elements along axis ${axis} of 'x' ${formatShape(x!.shape)}`,
        fix: 'Pad the input, or take smaller windows.',
      })
    }
    const windows = Math.floor((length - reach) / step) + 1
    return [{ shape: [...x!.shape.with(axis, windows), size], dtype: x!.dtype }]
  },
  relayout: ({ strides, offset }, _, { axis, step, dilation }) => ({
    strides: [...strides.with(axis, strides[axis]! * step), strides[axis]! * dilation],
    offset,
  }),
  vjp({ inputs: [x], gradient, attrs: { axis, step, dilation } }) {
    const { rank } = x!
    const windows = gradient.shape[axis]!
    const size = gradient.shape[rank]!
    const positions = Int32Array.from(
      { length: windows * size },
      (_, index) => Math.floor(index / size) * step + (index % size) * dilation,
    )
    const order = Array.from({ length: rank }, (_, index) => index).toSpliced(axis + 1, 0, rank)
    const updates = reshape(transpose(gradient, { order }), x!.shape.with(axis, positions.length))
    return [scatterAdd(updates, x!.device.tensor(positions), { axis, length: x!.shape[axis]! })]
  },
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [7] }], attrs: { axis: 0, size: 3, step: 2, dilation: 1 } },
    { inputs: [{ shape: [2, 6, 2] }], attrs: { axis: 1, size: 2, step: 1, dilation: 3 } },
    { inputs: [{ shape: [4, 3] }], attrs: { axis: 0, size: 2, step: 2, dilation: 1 } },
    { inputs: [{ shape: [0, 3] }], attrs: { axis: 1, size: 2, step: 1, dilation: 1 } },
  ],
}

/**
 * Windows of `size` elements along an axis, one every `step`, without moving data: the axis becomes the windows, and
 * their elements, `dilation` apart, a new last axis. What does not fill a window at the end is left out. Throws an
 * `ArgumentError` when the axis is shorter than a window.
 *
 * @example
 * const frames = unfold(signal, { axis: -1, size: 400, step: 160 }) // [batch, frames, 400]
 */
export function unfold(
  x: Tensor,
  options: {
    readonly axis: number
    readonly size: number
    /** 1 unless said. */
    readonly step?: number
    /** 1 unless said. */
    readonly dilation?: number
  },
): Tensor {
  const { size, step = 1, dilation = 1 } = options
  const axis = normalizeAxis('unfold', options.axis, x.rank)
  return x.device.applySingle(unfoldOp, [x], { axis, size, step, dilation })
}
