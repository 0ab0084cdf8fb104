import { reshape, slice, type Tensor, where } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/** Zeros for filled-up keys, of numbers `[batch, heads, query, key]`: they take part in no sum over keys. */
export function onlyRealKeys(context: AttentionContext, pairs: Tensor): Tensor {
  const keep = context.sideInput('padding')
  if (!keep) return pairs
  const [batch, keys] = keep.shape as [number, number]
  return where(reshape(keep, [batch, 1, 1, keys]), pairs, 0)
}

/**
 * Zeros for filled-up queries, of numbers `[batch, heads, query, key]`, where queries and keys are of one sequence: they take part
 * in no sum over queries.
 */
export function onlyRealQueries(context: AttentionContext, pairs: Tensor): Tensor {
  const keep = context.sideInput('padding')
  if (!keep) return pairs
  const { queryStart, queryLength } = context
  const own = slice(keep, [{}, { start: queryStart, size: queryLength }])
  return where(reshape(own, [keep.shape[0]!, 1, queryLength, 1]), pairs, 0)
}
