import { matmul, repeatKeyHeads, type Tensor, transpose } from '@qkv/tensor'

/** The product of each query with each key, without a scale: `[batch, heads, query, key]`. */
export function products(query: Tensor, key: Tensor): Tensor {
  return matmul(query, transpose(repeatKeyHeads(key, query.shape[1]!)))
}
