import { ArgumentError } from '../errors/argument-error.ts'
import type { CompositeOp } from '../op.ts'
import type { RandomKey } from '../random/random-stream.ts'
import type { Tensor } from '../tensor.ts'
import { checkDType } from './check-dtype.ts'
import { less } from './less.ts'
import { mul } from './mul.ts'
import { randomUniform } from './random-uniform.ts'
import { where } from './where.ts'

/** Steps of `randomUniform`. */
const steps = 2 ** 24

/** The random key is in the scalars: element `i` is dropped where `randomUniform` under that key is below the rate. */
export const dropoutOp: CompositeOp<{ readonly rate: number }> = {
  name: 'qkv/dropout',
  kind: 'composite',
  source: 'Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting',
  infer([x], { rate }) {
    checkDType('dropout', 'x', x!, ['float32'])
    if (!(rate >= 0 && rate < 1)) {
      throw new ArgumentError({
        operation: 'dropout',
        argument: 'rate',
        got: `is ${rate}`,
        expected: 'a number from 0 up to, but not including, 1',
        fix: 'It is the share of elements to drop, not to keep.',
      })
    }
    return [x!]
  },
  decompose([x], { rate }, [low, high]) {
    const uniform = randomUniform(x!.device, x!.shape, { key: [low!, high!] })
    // Rounded up to a step, the rate is exact in float32, so that all precisions drop the same elements.
    const dropped = less(uniform, Math.ceil(rate * steps) / steps)
    return [where(dropped, 0, mul(x!, 1 / (1 - rate)))]
  },
  vjp: ({ gradient, attrs, scalars }) => [gradient.device.applySingle(dropoutOp, [gradient], attrs, scalars)],
  saves: { inputs: [], outputs: [] },
  samples: [
    { inputs: [{ shape: [3, 5] }], attrs: { rate: 0.4 }, scalars: [1, 2] },
    { inputs: [{ shape: [7] }], attrs: { rate: 0 }, scalars: [3, 4] },
    { inputs: [{ shape: [0, 2] }], attrs: { rate: 0.5 }, scalars: [5, 6] },
  ],
}

/**
 * Sets each element to zero with probability `rate` and divides the others by `1 - rate`; the gradient drops the same
 * elements. The same key drops the same elements on every backend. Throws an `ArgumentError` unless 0 <= rate < 1.
 *
 * Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
 *
 * @example
 * const hidden = dropout(x, { rate: 0.1, key: random.next() })
 */
export function dropout(x: Tensor, options: { readonly rate: number; readonly key: RandomKey }): Tensor {
  const { rate, key } = options
  return rate === 0 ? x : x.device.applySingle(dropoutOp, [x], { rate }, key)
}
