import { concat, full, reshape, slice, type Tensor, where } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'
import { checkKeyFlags } from '../masks/check-key-flags.ts'

/**
 * Which of the last `length` keys are real, `bool` `[batch, 1, length]`; `undefined` where all are. A recurrence gets the rows
 * that come after those of its state.
 */
export function keptKeys(context: AttentionContext, length: number): Tensor | undefined {
  const keep = context.sideInput('padding')
  if (!keep) return undefined
  checkKeyFlags(context, 'padding', 'padding', keep)
  const [batch, seen] = keep.shape as [number, number]
  return reshape(slice(keep, [{}, { start: seen - length, size: length }]), [batch, 1, length])
}

/** Zeroes the rows `[batch, heads, key, ...]` of filled-up keys, which then add nothing to any sum. */
export function withoutPadding(context: AttentionContext, rows: Tensor): Tensor {
  const length = rows.shape[2]!
  const keep = keptKeys(context, length)
  return keep ? where(reshape(keep, [keep.shape[0]!, 1, length, 1]), rows, 0) : rows
}

/** Zeros in front of rows `[batch, heads, length, size]`. */
export function rowsBefore(x: Tensor, count: number): Tensor {
  if (count === 0) return x
  const [batch, heads, , size] = x.shape as [number, number, number, number]
  return concat([full(x.device, [batch, heads, count, size], 0), x], { axis: 2 })
}

/** The first `length` of the rows `[batch, heads, ..., size]`, and zeros where there are fewer. */
export function firstRows(x: Tensor, length: number): Tensor {
  const [batch, heads, own, size] = x.shape as [number, number, number, number]
  if (own === length) return x
  if (own > length) return slice(x, [{}, {}, { size: length }])
  return concat([x, full(x.device, [batch, heads, length - own, size], 0)], { axis: 2 })
}
