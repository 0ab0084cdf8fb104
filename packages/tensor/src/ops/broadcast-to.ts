import { ShapeError } from '../errors/shape-error.ts'
import type { ViewOp } from '../op.ts'
import { checkShape, formatShape, sameShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { reshape } from './reshape.ts'
import { sum } from './sum.ts'

export const broadcastToOp: ViewOp<{ readonly shape: readonly number[] }> = {
  name: 'qkv/broadcastTo',
  kind: 'view',
  infer([x], { shape }) {
    checkShape('broadcastTo', shape)
    const skip = shape.length - x!.shape.length
    const fits = skip >= 0 && x!.shape.every((length, axis) => length === 1 || length === shape[axis + skip])
    if (!fits) {
      throw new ShapeError({
        operation: 'broadcastTo',
        argument: 'shape',
        got: `is ${formatShape(shape)}`,
        expected: `a shape that 'x' ${formatShape(x!.shape)} broadcasts to`,
        fix: 'Axes are aligned at the end; each must be equal, or 1 in the input.',
      })
    }
    return [{ shape, dtype: x!.dtype }]
  },
  relayout({ strides, offset }, spec, { shape }) {
    const skip = shape.length - spec.shape.length
    return {
      strides: shape.map((_, axis) =>
        axis < skip || spec.shape[axis - skip] === 1 ? 0 : strides[axis - skip]!,
      ),
      offset,
    }
  },
  vjp: ({ inputs: [x], gradient }) => [sumTo(gradient, x!.shape)],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [3, 1] }], attrs: { shape: [3, 4] } },
    { inputs: [{ shape: [4] }], attrs: { shape: [2, 3, 4] } },
    { inputs: [{ shape: [] }], attrs: { shape: [2, 2] } },
    { inputs: [{ shape: [1, 2] }], attrs: { shape: [0, 2] } },
  ],
}

/**
 * Repeats axes of length 1, and new leading axes, without moving data; throws a `ShapeError` when it cannot.
 *
 * @example
 * const mask = broadcastTo(padding, [batch, heads, query, key]) // from [batch, 1, 1, key]
 */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x
  return x.device.applySingle(broadcastToOp, [x], { shape })
}

/** Sums over the axes that broadcasting `shape` to the shape of `x` had repeated: its gradient. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x
  const skip = x.rank - shape.length
  const axis = x.shape.flatMap((length, index) =>
    index < skip || (shape[index - skip] === 1 && length !== 1) ? [index] : [],
  )
  return reshape(sum(x, { axis, keepAxes: true }), shape)
}
