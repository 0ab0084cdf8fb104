import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape, normalizeAxis, sameShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { checkAlongAxis, flatIndices, flatShape } from './along-axis.ts'
import { checkDType, numericDTypes } from './check-dtype.ts'
import { reshape } from './reshape.ts'
import { scatterAdd } from './scatter-add.ts'
import { takeAlongAxis } from './take-along-axis.ts'

interface ScatterAlongAxisAttrs {
  readonly axis: number
  readonly shape: readonly number[]
}

/** The transpose of `takeAlongAxis`: inputs updates and indices, output of the shape in the attributes. */
export const scatterAddAlongAxisOp: CompositeOp<ScatterAlongAxisAttrs> = {
  name: 'qkv/scatterAddAlongAxis',
  kind: 'composite',
  infer([updates, indices], { axis, shape }) {
    checkDType('scatterAddAlongAxis', 'updates', updates!, numericDTypes)
    checkAlongAxis('scatterAddAlongAxis', indices!, shape, axis)
    if (!sameShape(updates!.shape, indices!.shape)) {
      throw new ShapeError({
        operation: 'scatterAddAlongAxis',
        argument: 'updates',
        got: `has shape ${formatShape(updates!.shape)}`,
        expected: `the shape of 'indices' ${formatShape(indices!.shape)}`,
        fix: 'Give one update for each index.',
      })
    }
    return [{ shape, dtype: updates!.dtype }]
  },
  decompose([updates, indices], { axis, shape }) {
    const flat = flatShape(indices!.shape)
    const places = reshape(flatIndices(indices!, shape, axis), flat)
    return [reshape(scatterAdd(reshape(updates!, flat), places, { length: sizeOf(shape) }), shape)]
  },
  vjp: ({ inputs: [, indices], gradient, attrs: { axis } }) => [takeAlongAxis(gradient, indices!, { axis })],
  saves: { inputs: [1], outputs: [] },
  samples: [
    {
      inputs: [{ shape: [2, 2] }, { shape: [2, 2], dtype: 'int32', values: [2, 0, 1, 1] }],
      attrs: { axis: 1, shape: [2, 3] },
    },
    {
      inputs: [{ shape: [4, 1] }, { shape: [4, 1], dtype: 'int32', values: [2, 0, 2, 2] }],
      attrs: { axis: 0, shape: [3, 2] },
    },
  ],
}

/**
 * `x` with each update added at its place, except that the index along `axis`, the last one unless said, is read from
 * `indices` (PyTorch's `scatter_add`). Throws an `ArgumentError` for an index outside the axis.
 *
 * @example
 * const votes = scatterAddAlongAxis(zeros(device, [rows, classes]), labels, weights)
 */
export function scatterAddAlongAxis(
  x: Tensor,
  indices: Tensor,
  updates: Tensor,
  options: { readonly axis?: number } = {},
): Tensor {
  const axis = normalizeAxis('scatterAddAlongAxis', options.axis ?? -1, x.rank)
  const added = x.device.applySingle(scatterAddAlongAxisOp, [updates, indices], { axis, shape: x.shape })
  return add(x, added)
}
