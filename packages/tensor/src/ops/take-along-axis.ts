import type { CompositeOp } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkAlongAxis, flatIndices, flatShape } from './along-axis.ts'
import { gather } from './gather.ts'
import { reshape } from './reshape.ts'
import { scatterAddAlongAxisOp } from './scatter-add-along-axis.ts'

export const takeAlongAxisOp: CompositeOp<{ readonly axis: number }> = {
  name: 'qkv/takeAlongAxis',
  kind: 'composite',
  infer([x, indices], { axis }) {
    checkAlongAxis('takeAlongAxis', indices!, x!.shape, axis)
    return [{ shape: indices!.shape, dtype: x!.dtype }]
  },
  decompose([x, indices], { axis }) {
    return [gather(reshape(x!, flatShape(x!.shape)), flatIndices(indices!, x!.shape, axis))]
  },
  vjp: ({ inputs: [x, indices], gradient, attrs: { axis } }) => [
    gradient.device.applySingle(scatterAddAlongAxisOp, [gradient, indices!], { axis, shape: x!.shape }),
  ],
  saves: { inputs: [1], outputs: [] },
  samples: [
    {
      inputs: [{ shape: [2, 3] }, { shape: [2, 2], dtype: 'int32', values: [2, 0, 1, 1] }],
      attrs: { axis: 1 },
    },
    {
      inputs: [{ shape: [3, 2, 2] }, { shape: [4, 1, 2], dtype: 'int32', values: [2, 0, 1, 1, 0, 2, 2, 0] }],
      attrs: { axis: 0 },
    },
  ],
}

/**
 * For each place of `indices` the element of `x` at the same place, except that the index along `axis`, the last one
 * unless said, is read from there (PyTorch's `gather`). Throws an `ArgumentError` for an index outside the axis.
 *
 * @example
 * const chosen = takeAlongAxis(logProbabilities, unsqueeze(targets, { axis: -1 })) // [batch, length, 1]
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, options: { readonly axis?: number } = {}): Tensor {
  const axis = normalizeAxis('takeAlongAxis', options.axis ?? -1, x.rank)
  return x.device.applySingle(takeAlongAxisOp, [x, indices], { axis })
}
