import { add, div, exp, max, maximum, reshape, sub, sum, type Tensor, where } from '@qkv/tensor'

/**
 * Softmax over the kept keys and one more per head, of the score `sinks` `[heads]`, whose weight is left out: weights sum to less
 * than one.
 */
export function sinkSoftmax(scores: Tensor, keep: Tensor | undefined, sinks: Tensor): Tensor {
  const sink = reshape(sinks, [sinks.shape[0]!, 1, 1])
  const masked = keep ? where(keep, scores, -Infinity) : scores
  const peak = maximum(max(masked, { axis: -1, keepAxes: true }), sink)
  const exponentials = exp(sub(masked, peak))
  const total = add(sum(exponentials, { axis: -1, keepAxes: true }), exp(sub(sink, peak)))
  return div(exponentials, total)
}
