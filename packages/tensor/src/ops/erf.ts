import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyUnary } from './apply-elementwise.ts'
import { unaryPrimitive } from './define-elementwise.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

const twoOverRootPi = 2 / Math.sqrt(Math.PI)

export const erfOp: PrimitiveOp<object> = unaryPrimitive({
  name: 'qkv/erf',
  compute: erfOfNumber,
  vjp: ({ inputs: [x], gradient }) => [mul(gradient, mul(exp(neg(mul(x!, x!))), twoOverRootPi))],
  saves: { outputs: [] },
  range: [-2.5, 2.5],
})

/** DLMF 7.6.2: a series of terms of one sign, so that nothing cancels. */
function erfOfNumber(x: number): number {
  // Beyond 6 the result is 1 to the last bit of a double.
  if (!(Math.abs(x) < 6)) return Math.sign(x)
  let term = x
  let total = x
  for (let odd = 3; Math.abs(term) > Math.abs(total) * Number.EPSILON * 0.1; odd += 2) {
    term *= (2 * x * x) / odd
    total += term
  }
  return twoOverRootPi * Math.exp(-x * x) * total
}

/**
 * The error function of each element: the share of a normal distribution within `sqrt(2) * x` deviations.
 *
 * @example
 * const cumulative = mul(add(erf(div(x, Math.SQRT2)), 1), 0.5)
 */
export function erf(x: Tensor): Tensor {
  return applyUnary(erfOp, x)
}
