import {
  cast,
  cumsum,
  equal,
  greater,
  lessEqual,
  logicalAnd,
  logicalOr,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
  topK,
  where,
} from '@qkv/tensor'

/**
 * Of the kept elements along the last axis the `k` largest, as `bool`; among equals the first ones. Rows with fewer keep what they
 * have. `keep` broadcasts to the shape of `scores`.
 */
export function keepLargest(scores: Tensor, keep: Tensor, k: number): Tensor {
  const length = scores.shape.at(-1)!
  if (k >= length) return keep
  const allowed = where(keep, stopGradient(scores), -Infinity)
  const best = topK(allowed, { k }).values
  const last = slice(best, [...best.shape.slice(1).map(() => ({})), { start: k - 1, size: 1 }])
  const above = greater(allowed, last)
  const equals = equal(allowed, last)
  const left = sub(k, sum(cast(above, 'float32'), { axis: -1, keepAxes: true }))
  const chosen = logicalAnd(equals, lessEqual(cumsum(cast(equals, 'float32')), left))
  return logicalAnd(logicalOr(above, chosen), keep)
}
