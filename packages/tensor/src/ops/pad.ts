import { ArgumentError } from '../errors/argument-error.ts'
import type { PrimitiveOp } from '../op.ts'
import { formatShape, stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { slice } from './slice.ts'

interface PadAttrs {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

export const padOp: PrimitiveOp<PadAttrs> = {
  name: 'qkv/pad',
  kind: 'primitive',
  infer([x], { before, after }) {
    const fits = (widths: readonly number[]): boolean =>
      widths.length === x!.shape.length && widths.every((width) => Number.isInteger(width) && width >= 0)
    if (!fits(before) || !fits(after)) {
      throw new ArgumentError({
        operation: 'pad',
        argument: fits(before) ? 'after' : 'before',
        got: `is [${(fits(before) ? after : before).join(', ')}]`,
        expected: `one non-negative width per axis of 'x' ${formatShape(x!.shape)}`,
        fix: 'Give 0 for axes that keep their length; use `slice` to shorten.',
      })
    }
    return [{ shape: x!.shape.map((length, axis) => length + before[axis]! + after[axis]!), dtype: x!.dtype }]
  },
  reference({ inputs: [x], outputs: [out], attrs: { before }, scalars: [value] }) {
    out!.data.fill(value!)
    const strides = stridesOf(out!.shape)
    const start = strides.reduce((sum, stride, axis) => sum + stride * before[axis]!, 0)
    const index = new Array<number>(x!.shape.length).fill(0)
    let position = start
    for (let flat = 0; flat < x!.data.length; flat++) {
      out!.data[position] = x!.data[flat]!
      for (let axis = x!.shape.length - 1; axis >= 0; axis--) {
        index[axis]! += 1
        position += strides[axis]!
        if (index[axis]! < x!.shape[axis]!) break
        position -= strides[axis]! * x!.shape[axis]!
        index[axis] = 0
      }
    }
  },
  vjp: ({ inputs: [x], gradient, attrs: { before } }) => [
    slice(
      gradient,
      before.map((start, axis) => ({ start, size: x!.shape[axis]! })),
    ),
  ],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3] }], attrs: { before: [1, 0], after: [0, 2] }, scalars: [0.5] },
    {
      inputs: [{ shape: [3], dtype: 'int32', range: [-5, 6] }],
      attrs: { before: [2], after: [1] },
      scalars: [9],
    },
    { inputs: [{ shape: [0, 2] }], attrs: { before: [1, 1], after: [1, 0] }, scalars: [-1] },
  ],
}

/**
 * Adds a border of one value: `before` and `after` give a width per axis.
 *
 * @example
 * const padded = pad(x, { before: [0, 1], after: [0, 2], value: 0 })
 */
export function pad(
  x: Tensor,
  options: {
    readonly before: readonly number[]
    readonly after: readonly number[]
    /** 0 unless said. */
    readonly value?: number
  },
): Tensor {
  const { before, after, value = 0 } = options
  return x.device.applySingle(padOp, [x], { before, after }, [value])
}
