import type { Tensor } from '../tensor.ts'
import { cast, type CastDType } from './cast.ts'
import { checkDType } from './check-dtype.ts'
import { equal } from './equal.ts'
import { arange } from './iota.ts'
import { unsqueeze } from './unsqueeze.ts'

/**
 * A new last axis with a 1 at the place that each index names and 0 elsewhere, `float32` unless said. An index that is
 * not from 0 to `classes - 1` gives zeros only.
 *
 * @example
 * const targets = oneHot(labels, { classes: 10 }) // [batch, 10] from [batch]
 */
export function oneHot(
  indices: Tensor,
  options: { readonly classes: number; readonly dtype?: CastDType },
): Tensor {
  checkDType('oneHot', 'indices', indices.spec, ['int32'])
  const classes = arange(indices.device, options.classes)
  return cast(equal(unsqueeze(indices, { axis: -1 }), classes), options.dtype ?? 'float32')
}
