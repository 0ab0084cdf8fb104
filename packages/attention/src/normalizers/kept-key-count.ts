import { broadcastTo, cast, full, maximum, sum, type Tensor } from '@qkv/tensor'

/** How many keys each query keeps, `[batch, heads, query, 1]` or broadcasting to it; at least 1, so that it can divide. */
export function keptKeyCount(scores: Tensor, keep: Tensor | undefined): Tensor {
  const keys = scores.shape.at(-1)!
  if (!keep) return full(scores.device, [1, 1, 1, 1], Math.max(1, keys))
  const lengthened = broadcastTo(keep, keep.shape.with(-1, keys))
  return maximum(sum(cast(lengthened, 'float32'), { axis: -1, keepAxes: true }), 1)
}
