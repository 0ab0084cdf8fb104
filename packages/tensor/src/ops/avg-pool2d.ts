import type { Tensor } from '../tensor.ts'
import { mean } from './mean.ts'
import { poolWindows, type PoolOptions } from './pool-windows.ts'

/**
 * The mean of each window: `[batch, channels, height, width]` to `[batch, channels, rows, columns]`. Padding counts as
 * zeros. Throws an `ArgumentError` when a window does not fit.
 *
 * @example
 * const smaller = avgPool2d(images, { kernelSize: 2 })
 */
export function avgPool2d(x: Tensor, options: PoolOptions): Tensor {
  return x.device.scoped(() => mean(poolWindows('avgPool2d', x, options, 0), { axis: [-2, -1] }))
}
