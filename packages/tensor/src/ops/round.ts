import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { equal } from './equal.ts'
import { floor } from './floor.ts'
import { greater } from './less.ts'
import { logicalAnd } from './logical-and.ts'
import { logicalOr } from './logical-or.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

export const roundOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/round',
  source: 'IEEE 754-2019, section 4.3.1, roundTiesToEven',
  compute(x) {
    const below = floor(x)
    const rest = sub(x, below)
    const odd = greater(sub(below, mul(floor(mul(below, 0.5)), 2)), 0)
    const up = logicalOr(greater(rest, 0.5), logicalAnd(equal(rest, 0.5), odd))
    return where(up, add(below, 1), below)
  },
  stopsGradient: true,
  range: [-3, 3],
})

/**
 * The whole number nearest to each element, of two equally near ones the even one. Its gradient is zero.
 *
 * @example
 * const levels = round(mul(x, 127))
 */
export function round(x: Tensor): Tensor {
  return applyUnary(roundOp, x)
}
