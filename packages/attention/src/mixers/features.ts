import { reshape, slice, type Tensor, where } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/** Zeroes the rows `[batch, heads, key, ...]` of filled-up keys, which then add nothing to any sum. */
export function withoutPadding(context: AttentionContext, rows: Tensor): Tensor {
  const keep = context.sideInput('padding')
  if (!keep) return rows
  const [batch, seen] = keep.shape as [number, number]
  // A recurrence gets the rows that come after those of its state.
  const length = rows.shape[2]!
  const own = slice(keep, [{}, { start: seen - length, size: length }])
  return where(reshape(own, [batch, 1, length, 1]), rows, 0)
}
