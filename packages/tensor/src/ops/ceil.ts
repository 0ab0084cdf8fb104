import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { floor } from './floor.ts'
import { neg } from './neg.ts'

export const ceilOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/ceil',
  compute: (x) => neg(floor(neg(x))),
  stopsGradient: true,
  range: [-3, 3],
})

/**
 * The smallest whole number that is not below each element. Its gradient is zero.
 *
 * @example
 * const pages = ceil(div(length, 64))
 */
export function ceil(x: Tensor): Tensor {
  return applyUnary(ceilOp, x)
}
