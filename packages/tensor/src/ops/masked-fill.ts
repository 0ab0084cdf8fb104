import type { Operand } from './apply-elementwise.ts'
import type { Tensor } from '../tensor.ts'
import { where } from './where.ts'

/**
 * `x` with `value` wherever the mask holds; shapes broadcast. No gradient reaches the elements that were replaced.
 *
 * @example
 * const scores = maskedFill(products, logicalNot(keep), -Infinity)
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  return where(mask, value, x)
}
