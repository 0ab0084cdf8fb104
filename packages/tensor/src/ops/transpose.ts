import { ArgumentError } from '../errors/argument-error.ts'
import type { ViewOp } from '../op.ts'
import { normalizeAxis } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

export const transposeOp: ViewOp<{ readonly order: readonly number[] }> = {
  name: 'qkv/transpose',
  kind: 'view',
  infer([x], { order }) {
    const rank = x!.shape.length
    if (order.length !== rank || order.some((_, axis) => !order.includes(axis))) {
      throw new ArgumentError({
        operation: 'transpose',
        argument: 'order',
        got: `is [${order.join(', ')}]`,
        expected: `each axis from 0 to ${rank - 1} once`,
        fix: 'List every axis of the input in its new place.',
      })
    }
    return [{ shape: order.map((axis) => x!.shape[axis]!), dtype: x!.dtype }]
  },
  relayout: ({ strides, offset }, _, { order }) => ({ strides: order.map((axis) => strides[axis]!), offset }),
  vjp({ gradient, attrs: { order } }) {
    return [transpose(gradient, { order: order.map((_, axis) => order.indexOf(axis)) })]
  },
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], attrs: { order: [2, 0, 1] } },
    { inputs: [{ shape: [3, 2] }], attrs: { order: [1, 0] } },
  ],
}

function lastTwoSwapped(rank: number): readonly number[] {
  const order: number[] = []
  for (let axis = 0; axis < rank; axis++) order.push(axis)
  if (rank < 2) return order
  order[rank - 1] = rank - 2
  order[rank - 2] = rank - 1
  return order
}

/**
 * Permutes axes without moving data; the last two swap unless `order` says otherwise.
 *
 * @example
 * const keyTransposed = transpose(key) // [batch, heads, headSize, key]
 * const perHead = transpose(x, { order: [0, 2, 1, 3] }) // [batch, heads, length, headSize]
 */
export function transpose(x: Tensor, options: { readonly order?: readonly number[] } = {}): Tensor {
  const { rank } = x
  const order = options.order?.map((axis) => normalizeAxis('transpose', axis, rank)) ?? lastTwoSwapped(rank)
  return x.device.applySingle(transposeOp, [x], { order })
}
