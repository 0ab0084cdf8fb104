import type { Tensor } from '../tensor.ts'
import { type ConvolutionOptions, convolve } from './convolution.ts'

/**
 * Convolution over a sequence: x `[batch, in, length]`, weight `[out, in / groups, kernelLength]`, bias `[out]`, result
 * `[batch, out, positions]`. Throws a `ShapeError` or `ArgumentError` when they do not fit together.
 *
 * @example
 * const hidden = conv1d(spectrogram, weight, { bias, stride: 2, padding: 1 }) // [batch, out, frames / 2]
 */
export function conv1d(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve('conv1d', x, weight, 1, options)
}
