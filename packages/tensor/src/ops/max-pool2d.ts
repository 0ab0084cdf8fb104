import type { Tensor } from '../tensor.ts'
import { max } from './max.ts'
import { poolWindows, type PoolOptions } from './pool-windows.ts'

/**
 * The largest element of each window: `[batch, channels, height, width]` to `[batch, channels, rows, columns]`. Padding
 * never wins. Equal maxima share the gradient evenly. Throws an `ArgumentError` when a window does not fit.
 *
 * @example
 * const smaller = maxPool2d(images, { kernelSize: 2 })
 */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  return x.device.scoped(() => max(poolWindows('maxPool2d', x, options, -Infinity), { axis: [-2, -1] }))
}
