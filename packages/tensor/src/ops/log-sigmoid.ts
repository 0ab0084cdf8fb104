import type { CompositeOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { abs } from './abs.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryComposite } from './define-composite.ts'
import { exp } from './exp.ts'
import { log1p } from './log1p.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sigmoid } from './sigmoid.ts'
import { sub } from './sub.ts'

export const logSigmoidOp: CompositeOp<object> = unaryComposite({
  name: 'qkv/logSigmoid',
  compute: (x) => sub(minimum(x, 0), log1p(exp(neg(abs(x))))),
  vjp: ({ inputs: [x], gradient }) => [mul(gradient, sigmoid(neg(x!)))],
  saves: { outputs: [] },
  range: [-4, 4],
})

/**
 * The logarithm of the logistic function of each element, without underflow.
 *
 * @example
 * const loss = neg(mean(logSigmoid(margin)))
 */
export function logSigmoid(x: Tensor): Tensor {
  return applyUnary(logSigmoidOp, x)
}
