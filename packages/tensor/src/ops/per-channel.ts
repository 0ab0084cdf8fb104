import { ShapeError } from '../errors/shape-error.ts'
import { formatShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { reshape } from './reshape.ts'

/** One number per channel, shaped to broadcast with x `[batch, channels, ...]`; throws a `ShapeError` for another count. */
export function perChannel(operation: string, argument: string, values: Tensor, x: Tensor): Tensor {
  const channels = x.shape[1]!
  if (values.rank !== 1 || values.shape[0] !== channels) {
    throw new ShapeError({
      operation,
      argument,
      got: `has shape ${formatShape(values.shape)}`,
      expected: `[${channels}], one number per channel of 'x' ${formatShape(x.shape)}`,
      fix: 'Channels are the second axis.',
    })
  }
  return reshape(values, [channels, ...x.shape.slice(2).map(() => 1)])
}
