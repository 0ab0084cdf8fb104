import { add, repeatKeyHeads, reshape, type Tensor } from '@qkv/tensor'

/**
 * The sum of each query with each key, `[batch, heads, query, key, size]`: `size` times the memory of scores. Queries are
 * `[batch, heads, query, size]`, keys `[batch, keyHeads, key, size]`.
 */
export function pairSums(query: Tensor, key: Tensor): Tensor {
  const [batch, heads, queries, size] = query.shape as [number, number, number, number]
  const rows = reshape(query, [batch, heads, queries, 1, size])
  return add(rows, reshape(repeatKeyHeads(key, heads), [batch, heads, 1, key.shape[2]!, size]))
}
