import { ShapeError } from '../errors/shape-error.ts'
import type { CompositeOp } from '../op.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { equal } from './equal.ts'
import { gather } from './gather.ts'
import { reshape } from './reshape.ts'
import { scatterAdd } from './scatter-add.ts'
import { where } from './where.ts'

/** Inputs: weight `[count, width]` and int32 indices `[...]`. Output: `[..., width]`. */
export const embeddingOp: CompositeOp<{ readonly paddingIndex: number | null }> = {
  name: 'qkv/embedding',
  kind: 'composite',
  infer([weight, indices]) {
    checkDType('embedding', 'weight', weight!, ['float32'])
    checkDType('embedding', 'indices', indices!, ['int32'])
    if (weight!.shape.length !== 2) {
      throw new ShapeError({
        operation: 'embedding',
        argument: 'weight',
        got: `has shape ${formatShape(weight!.shape)}`,
        expected: '[count, width], one row per index',
        fix: 'Use `gather` for tables with other axes.',
      })
    }
    return [{ shape: [...indices!.shape, weight!.shape[1]!], dtype: 'float32' }]
  },
  decompose: ([weight, indices]) => [gather(weight!, indices!, { axis: 0 })],
  vjp({ inputs: [weight, indices], gradient, attrs: { paddingIndex } }) {
    const column = [...indices!.shape, 1]
    const counted =
      paddingIndex === null ? gradient : where(equal(reshape(indices!, column), paddingIndex), 0, gradient)
    return [scatterAdd(counted, indices!, { axis: 0, length: weight!.shape[0]! })]
  },
  saves: { inputs: [1], outputs: [] },
  samples: [
    {
      inputs: [{ shape: [5, 3] }, { shape: [2, 2], dtype: 'int32', values: [4, 0, 4, 2] }],
      attrs: { paddingIndex: null },
    },
    { inputs: [{ shape: [3, 2] }, { shape: [0], dtype: 'int32' }], attrs: { paddingIndex: 0 } },
  ],
}

/**
 * The rows of `weight` `[count, width]` that the int32 `indices` `[...]` name, `[..., width]`. The row `paddingIndex`
 * gets no gradient.
 *
 * Throws a `ShapeError` unless `weight` is a matrix. An index outside it is an `ArgumentError` on backends that check
 * indices, as the reference does; elsewhere its row is undefined.
 *
 * @example
 * const embedded = embedding(tokens, weight, { paddingIndex: 0 }) // [batch, length, width]
 */
export function embedding(
  indices: Tensor,
  weight: Tensor,
  options: { readonly paddingIndex?: number | null } = {},
): Tensor {
  const { paddingIndex = null } = options
  return weight.device.applySingle(embeddingOp, [weight, indices], { paddingIndex })
}
