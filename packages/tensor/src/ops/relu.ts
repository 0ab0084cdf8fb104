import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { greater } from './less.ts'
import { maximum } from './maximum.ts'
import { where } from './where.ts'

export const reluOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/relu',
  compute: (x) => maximum(x, 0),
  vjp: ({ outputs: [y], gradient }) => [where(greater(y!, 0), gradient, 0)],
  saves: { inputs: [] },
})

/**
 * Each element, or 0 where it is negative; the gradient at 0 is 0.
 *
 * @example
 * const hidden = relu(linear(x, weight, bias))
 */
export function relu(x: Tensor): Tensor {
  return applyUnary(reluOp, x)
}
