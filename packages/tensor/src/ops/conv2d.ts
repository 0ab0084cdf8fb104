import type { Tensor } from '../tensor.ts'
import { type ConvolutionOptions, convolve } from './convolution.ts'

/**
 * Convolution over images: x `[batch, in, height, width]`, weight `[out, in / groups, kernelHeight, kernelWidth]`, bias
 * `[out]`, result `[batch, out, rows, columns]`. Throws a `ShapeError` or `ArgumentError` when they do not fit together.
 *
 * @example
 * const patches = conv2d(images, weight, { bias, stride: 16 }) // [batch, width, rows, columns] of a 16 x 16 kernel
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve('conv2d', x, weight, 2, options)
}
