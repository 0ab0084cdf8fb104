import { abs, cumsum, neg, reshape, slice, sub, type Tensor } from '@qkv/tensor'
import type { AttentionContext } from '../context.ts'

/**
 * How much fades between each query and each key, 0 or less: `[batch, heads, query, key]` from the logarithms
 * `[batch, heads, key]` of what each position leaves. The later one of the two counts, the earlier one does not; to the
 * right it is as to the left.
 */
export function decayBetween({ queryStart, queryLength }: AttentionContext, logarithms: Tensor): Tensor {
  const [batch, heads, keys] = logarithms.shape as [number, number, number]
  const left = cumsum(logarithms, { axis: 2 })
  const queries = slice(left, [{}, {}, { start: queryStart, size: queryLength }])
  const rows = reshape(queries, [batch, heads, queryLength, 1])
  return neg(abs(sub(rows, reshape(left, [batch, heads, 1, keys]))))
}
