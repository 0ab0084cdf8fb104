import type { PrimitiveOp } from '../op.ts'
import type { Tensor } from '../tensor.ts'
import { applyElementwise, type Operand } from './apply-elementwise.ts'
import { binaryPrimitive } from './define-elementwise.ts'
import { equal } from './equal.ts'
import { less } from './less.ts'
import { log } from './log.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

export const powOp: PrimitiveOp<object> = binaryPrimitive({
  name: 'qkv/pow',
  source: 'IEEE 754-2019, section 9.2.1',
  compute: powerOfNumbers,
  dtypes: ['float32'],
  vjp: ({ inputs: [base, exponent], outputs: [y], gradient, needs }) => [
    needs[0] ? mul(gradient, baseDerivative(base!, exponent!)) : undefined,
    needs[1] ? mul(gradient, mul(y!, safeLog(base!, exponent!))) : undefined,
  ],
  ranges: [
    [0.5, 2],
    [-2, 3],
  ],
})

function powerOfNumbers(base: number, exponent: number): number {
  // ECMAScript gives NaN for both, against the standard for floating-point arithmetic.
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}

function baseDerivative(base: Tensor, exponent: Tensor): Tensor {
  const constant = equal(exponent, 0)
  // The replaced exponent keeps 0 * Infinity, a NaN, out of the gradient of base 0.
  const lowered = where(constant, 0, sub(exponent, 1))
  return where(constant, 0, mul(exponent, pow(base, lowered)))
}

/** Base 0 to a power that is not negative stays what it is when the exponent moves: its logarithm counts as 0. */
function safeLog(base: Tensor, exponent: Tensor): Tensor {
  const flat = where(less(exponent, 0), false, equal(base, 0))
  return log(where(flat, 1, base))
}

/**
 * `base` to the power of `exponent`, element by element; shapes broadcast. NaN where a negative base has a fractional
 * exponent, and for the gradient of the exponent of any negative base.
 *
 * @example
 * const decay = pow(0.99, steps) // or pow(x, 3)
 */
export function pow(base: Operand, exponent: Operand): Tensor {
  return applyElementwise(powOp, [base, exponent], {})
}
