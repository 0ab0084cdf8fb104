import { ArgumentError } from '../errors/argument-error.ts'
import { formatShape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { layerNorm } from './layer-norm.ts'
import { mul } from './mul.ts'
import { perChannel } from './per-channel.ts'
import { reshape } from './reshape.ts'

/**
 * Splits the channels of x `[batch, channels, ...]` into groups and shifts and scales each group of each example to mean 0
 * and variance 1, then multiplies by `weight` and adds `bias`, both `[channels]`. Throws an `ArgumentError` unless
 * `groups` divides the channels.
 *
 * Source: Wu and He 2018, "Group normalization", section 3.1.
 *
 * @example
 * const hidden = groupNorm(x, { groups: 32, weight, bias })
 */
export function groupNorm(
  x: Tensor,
  options: {
    readonly groups: number
    readonly weight?: Tensor | undefined
    readonly bias?: Tensor | undefined
    /** Added to the variance; 1e-5 unless said. */
    readonly epsilon?: number
  },
): Tensor {
  const { groups, weight, bias, epsilon = 1e-5 } = options
  const [batch = 0, channels = 0, ...rest] = x.shape
  if (x.rank < 2 || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ArgumentError({
      operation: 'groupNorm',
      argument: 'groups',
      got: `is ${groups} for 'x' of shape ${formatShape(x.shape)}`,
      expected: 'a whole number that divides the channels of [batch, channels, ...]',
      fix: 'Use 1 for one group of all channels, or the number of channels for groups of one.',
    })
  }
  return x.device.scoped(() => {
    const rows = reshape(x, [batch, groups, (channels / groups) * sizeOf(rest)])
    const normalized = reshape(layerNorm(rows, { epsilon }), x.shape)
    const scaled = weight ? mul(normalized, perChannel('groupNorm', 'weight', weight, x)) : normalized
    return bias ? add(scaled, perChannel('groupNorm', 'bias', bias, x)) : scaled
  })
}
