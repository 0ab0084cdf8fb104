import { ArgumentError, dropout, type Tensor } from '@qkv/tensor'
import { Module } from '../module/module.ts'

/**
 * While training, sets each element to zero with probability `rate` and divides the others by `1 - rate`; hands its
 * input back in evaluation. Throws an `ArgumentError` unless 0 <= rate < 1.
 *
 * Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting.
 *
 * @example
 * const layer = new Dropout({ rate: 0.1 })
 * layer.train(new RandomStream(1))
 * const y = layer.forward(x) // a tenth of the elements is zero
 */
export class Dropout extends Module {
  readonly rate: number

  constructor(options: { readonly rate: number }) {
    super()
    const rate: unknown = (options as Partial<typeof options> | undefined)?.rate
    if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) {
      throw new ArgumentError({
        operation: 'Dropout',
        argument: 'rate',
        got: rate === undefined ? 'is missing' : `is ${String(rate)}`,
        expected: 'a number from 0 up to, but not including, 1',
        fix: 'Write `new Dropout({ rate: 0.1 })`: it is the share of elements to drop, not to keep.',
      })
    }
    this.rate = rate
  }

  /** Any shape; in evaluation the result is `x` itself. */
  forward(x: Tensor): Tensor {
    return this.random ? dropout(x, { rate: this.rate, key: this.random.next() }) : x
  }
}
