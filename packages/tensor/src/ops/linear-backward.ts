import type { CompositeOp } from '../op.ts'
import { sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { matmul } from './matmul.ts'
import { reshape } from './reshape.ts'
import { sum } from './sum.ts'
import { transpose } from './transpose.ts'

/**
 * Inputs: x `[..., in]`, weight `[out, in]` and the gradient `[..., out]`. Outputs: the gradients of x, of the weight and of
 * the bias `[out]`, those of them that are needed, in this order.
 */
export const linearBackwardOp: CompositeOp<{ readonly needs: readonly [boolean, boolean, boolean] }> = {
  name: 'qkv/linearBackward',
  kind: 'composite',
  infer: ([x, weight], { needs }) =>
    [x!, weight!, { shape: [weight!.shape[0]!], dtype: 'float32' as const }].filter(
      (_, index) => needs[index],
    ),
  decompose([x, weight, gradient], { needs }) {
    const rows = toRows(gradient!)
    const gradients: Tensor[] = []
    if (needs[0]) gradients.push(reshape(matmul(rows, weight!), x!.shape))
    if (needs[1]) gradients.push(matmul(transpose(rows), toRows(x!)))
    if (needs[2]) gradients.push(sum(rows, { axis: 0 }))
    return gradients
  },
  samples: [
    {
      inputs: [{ shape: [2, 2, 3] }, { shape: [4, 3] }, { shape: [2, 2, 4] }],
      attrs: { needs: [true, true, true] },
    },
    {
      inputs: [{ shape: [2, 3] }, { shape: [4, 3] }, { shape: [2, 4] }],
      attrs: { needs: [true, false, false] },
    },
    { inputs: [{ shape: [3] }, { shape: [2, 3] }, { shape: [2] }], attrs: { needs: [false, true, true] } },
    {
      inputs: [{ shape: [0, 3] }, { shape: [2, 3] }, { shape: [0, 2] }],
      attrs: { needs: [true, true, true] },
    },
  ],
}

/** All axes but the last as one: `[rows, width]` from `[..., width]`. */
export function toRows(x: Tensor): Tensor {
  return reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!])
}
