import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { less } from './less.ts'
import { log } from './log.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

export const log1pOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/log1p',
  source:
    'Goldberg 1991, What every computer scientist should know about floating-point arithmetic, theorem 4',
  compute(x) {
    const rounded = add(x, 1)
    // How much of x the addition kept: the logarithm is scaled by it, and is x itself when nothing was kept.
    const kept = sub(rounded, 1)
    const logarithm = log(rounded)
    const corrected = where(equal(kept, 0), x, mul(logarithm, div(x, kept)))
    return where(less(abs(x), 1), corrected, logarithm)
  },
  vjp: ({ inputs: [x], gradient }) => [div(gradient, add(x!, 1))],
  saves: { outputs: [] },
  range: [-0.5, 2],
})

/**
 * The natural logarithm of `1 + x`, exact also for elements near 0.
 *
 * @example
 * const scaled = log1p(counts)
 */
export function log1p(x: Tensor): Tensor {
  return applyUnary(log1pOp, x)
}
