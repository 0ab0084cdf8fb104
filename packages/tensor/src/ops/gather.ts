import type { PrimitiveOp } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { walkAxis } from './axis-walk.ts'
import { checkDType } from './check-dtype.ts'
import { checkIndices } from './check-indices.ts'
import { scatterAdd } from './scatter-add.ts'

export const gatherOp: PrimitiveOp<{ readonly axis: number }> = {
  name: 'qkv/gather',
  kind: 'primitive',
  infer([x, indices], { axis }) {
    checkDType('gather', 'indices', indices!, ['int32'])
    return [
      {
        shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)],
        dtype: x!.dtype,
      },
    ]
  },
  reference({ inputs: [x, indices], outputs: [out], attrs: { axis } }) {
    const { outer, length, inner } = walkAxis(x!.shape, axis)
    checkIndices('gather', indices!, length)
    let target = 0
    for (let block = 0; block < outer; block++) {
      for (let index = 0; index < indices!.data.length; index++) {
        const source = (block * length + indices!.data[index]!) * inner
        out!.data.set(x!.data.subarray(source, source + inner), target)
        target += inner
      }
    }
  },
  vjp: ({ inputs: [x, indices], gradient, attrs: { axis } }) => [
    scatterAdd(gradient, indices!, { axis, length: x!.shape[axis]! }),
  ],
  saves: { inputs: [1], outputs: [] },
  samples: [
    {
      inputs: [{ shape: [5, 3] }, { shape: [2, 2], dtype: 'int32', values: [4, 0, 4, 2] }],
      attrs: { axis: 0 },
    },
    { inputs: [{ shape: [2, 4, 3] }, { shape: [3], dtype: 'int32', values: [3, 1, 3] }], attrs: { axis: 1 } },
    { inputs: [{ shape: [4] }, { shape: [], dtype: 'int32', values: [2] }], attrs: { axis: 0 } },
    { inputs: [{ shape: [3, 2] }, { shape: [0], dtype: 'int32' }], attrs: { axis: 0 } },
    {
      inputs: [
        { shape: [3], dtype: 'int32', range: [-5, 6] },
        { shape: [2], dtype: 'int32', values: [2, 0] },
      ],
      attrs: { axis: 0 },
    },
  ],
}

/**
 * The slices of `x` that the indices name along an axis, the first one unless said: the axis is replaced by the axes of
 * `indices`, which is `int32`. Throws an `ArgumentError` for an index outside the axis.
 *
 * @example
 * const embedded = gather(table, tokens) // [batch, length, width] from [vocabulary, width] and [batch, length]
 */
export function gather(x: Tensor, indices: Tensor, options: { readonly axis?: number } = {}): Tensor {
  const axis = normalizeAxis('gather', options.axis ?? 0, x.rank)
  return x.device.applySingle(gatherOp, [x, indices], { axis })
}
