import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { div } from './div.ts'
import { exp } from './exp.ts'
import { less } from './less.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { tanh } from './tanh.ts'
import { where } from './where.ts'

export const expm1Op: CompositeOp<object> = unaryComposite({
  name: 'qkv/expm1',
  compute(x) {
    // Near 0 the subtraction would cancel; there e^x - 1 = 2t / (1 - t) with t = tanh(x / 2).
    const t = tanh(mul(x, 0.5))
    return where(less(abs(x), 0.5), div(mul(t, 2), sub(1, t)), sub(exp(x), 1))
  },
  vjp: ({ inputs: [x], gradient }) => [mul(gradient, exp(x!))],
  saves: { outputs: [] },
})

/**
 * `e^x - 1`, exact also for elements near 0.
 *
 * @example
 * const growth = expm1(rate)
 */
export function expm1(x: Tensor): Tensor {
  return applyUnary(expm1Op, x)
}
