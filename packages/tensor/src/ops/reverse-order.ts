import type { Tensor } from '../tensor.ts'
import { neg } from './neg.ts'
import { sub } from './sub.ts'

/** Numbers in the opposite order, exactly; undoes itself. Integers become `-1 - x`, since `-x` of the least one overflows. */
export function reverseOrder(x: Tensor): Tensor {
  return x.dtype === 'int32' ? sub(-1, x) : neg(x)
}
