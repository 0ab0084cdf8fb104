import {
  add,
  div,
  equal,
  exp,
  full,
  max,
  maximum,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  where,
} from '@qkv/tensor'
import { behindOrAt } from './linear-recurrence.ts'
import { type ChunkResult, scanChunks } from './scan-chunks.ts'

/** Short: within a chunk there is a weight for each pair of positions and column. */
const chunkLength = 16

/** Per column `[batch, heads, 1, size]`: the sums of weighted values and of weights, both over the exponential of `peak`. */
export type AftState = readonly [values: Tensor, weights: Tensor, peak: Tensor]

/**
 * Means of the values up to each position, weighed column by column by the exponentials of the keys, with what went before in
 * `state`. Keys that are minus infinity count nothing. Exponents are less than the largest key so far, and no later one.
 */
export function aftRecurrence(
  key: Tensor,
  value: Tensor,
  state: AftState | undefined,
): ChunkResult<AftState> {
  const [batch, heads, length, size] = key.shape as [number, number, number, number]
  const filled = (x: number): Tensor => full(key.device, [batch, heads, 1, size], x)
  const initial: AftState = state ?? [filled(0), filled(0), filled(-Infinity)]
  return scanChunks({ length, chunkLength }, initial, (rows, before) =>
    chunkOf(rows(key), rows(value), before),
  )
}

function chunkOf(key: Tensor, value: Tensor, [values, weights, peak]: AftState): ChunkResult<AftState> {
  const [batch, heads, length, size] = key.shape as [number, number, number, number]
  const behind = reshape(behindOrAt(key.device, length), [length, length, 1])
  const columns = reshape(key, [batch, heads, 1, length, size])
  const seen = where(behind, columns, -Infinity)
  const peaks = maximum(max(seen, { axis: 3 }), peak)
  const shift = finite(peaks)
  const chunk = exp(sub(seen, reshape(shift, [batch, heads, length, 1, size])))
  const kept = exp(sub(peak, shift))
  const sumOfValues = add(
    mul(kept, values),
    sum(mul(chunk, reshape(value, [batch, heads, 1, length, size])), { axis: 3 }),
  )
  const sumOfWeights = add(mul(kept, weights), sum(chunk, { axis: 3 }))
  return {
    output: ratio(sumOfValues, sumOfWeights),
    state: [lastRow(sumOfValues), lastRow(sumOfWeights), lastRow(peaks)],
  }
}

/** Zeros where nothing was added up. */
export function ratio(values: Tensor, weights: Tensor): Tensor {
  return div(values, where(equal(weights, 0), 1, weights))
}

/** Zero in place of the largest of no keys. */
export function finite(peak: Tensor): Tensor {
  return where(equal(peak, -Infinity), 0, peak)
}

function lastRow(x: Tensor): Tensor {
  return slice(x, [{}, {}, { start: -1 }])
}
