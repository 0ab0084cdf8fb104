import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { div } from './div.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { perChannel } from './per-channel.ts'
import { reshape } from './reshape.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

/** Mean and variance of each channel, `[channels]`. */
export interface ChannelStatistics {
  readonly mean: Tensor
  /** Divided by the number of elements; running averages in PyTorch use one less. */
  readonly variance: Tensor
}

/**
 * Mean and variance of each channel of x `[batch, channels, ...]`, over all other axes.
 *
 * @example
 * const { mean, variance } = batchStatistics(x) // update the running statistics with them
 */
export function batchStatistics(x: Tensor): ChannelStatistics {
  checkChannels(x)
  const axis = Array.from({ length: x.rank }, (_, index) => index).filter((index) => index !== 1)
  return x.device.scoped(() => {
    const center = mean(x, { axis, keepAxes: true })
    const centered = sub(x, center)
    const variance = mean(square(centered), { axis })
    return { mean: reshape(center, variance.shape), variance }
  })
}

/**
 * Shifts and scales each channel of x `[batch, channels, ...]` to mean 0 and variance 1, then multiplies by `weight` and
 * adds `bias`, both `[channels]`. Without `statistics` it takes those of this batch, as in training; in inference give
 * the running ones. Throws a `ShapeError` when the shapes do not fit.
 *
 * Source: Ioffe and Szegedy 2015, "Batch normalization", algorithm 1.
 *
 * @example
 * const hidden = batchNorm(x, { statistics: { mean: runningMean, variance: runningVariance }, weight, bias })
 */
export function batchNorm(
  x: Tensor,
  options: {
    readonly statistics?: ChannelStatistics
    readonly weight?: Tensor | undefined
    readonly bias?: Tensor | undefined
    /** Added to the variance; 1e-5 unless said. */
    readonly epsilon?: number
  } = {},
): Tensor {
  const { weight, bias, epsilon = 1e-5 } = options
  checkChannels(x)
  return x.device.scoped(() => {
    const statistics = options.statistics ?? batchStatistics(x)
    const center = perChannel('batchNorm', 'mean', statistics.mean, x)
    const deviation = sqrt(add(perChannel('batchNorm', 'variance', statistics.variance, x), epsilon))
    const normalized = div(sub(x, center), deviation)
    const scaled = weight ? mul(normalized, perChannel('batchNorm', 'weight', weight, x)) : normalized
    return bias ? add(scaled, perChannel('batchNorm', 'bias', bias, x)) : scaled
  })
}

function checkChannels(x: Tensor): void {
  if (x.rank >= 2) return
  throw new ShapeError({
    operation: 'batchNorm',
    argument: 'x',
    got: `has shape ${formatShape(x.shape)}`,
    expected: '[batch, channels, ...]',
    fix: 'Add the missing axes with `reshape`.',
  })
}
