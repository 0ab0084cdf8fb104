import { reshape, type Tensor, transpose } from '@qkv/tensor'

/**
 * `[batch, heads, length, headSize]` from `[batch, length, heads * headSize]`: head `h` reads the columns
 * `h * headSize` to `(h + 1) * headSize - 1`.
 */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, columns] = x.shape as [number, number, number]
  if (length === 1) return reshape(x, [batch, heads, 1, columns / heads])
  return transpose(reshape(x, [batch, length, heads, columns / heads]), { order: [0, 2, 1, 3] })
}

/** `[batch, length, heads * headSize]` from `[batch, heads, length, headSize]`. */
export function joinHeads(x: Tensor): Tensor {
  const [batch, heads, length, headSize] = x.shape as [number, number, number, number]
  if (length === 1) return reshape(x, [batch, 1, heads * headSize])
  return reshape(transpose(x, { order: [0, 2, 1, 3] }), [batch, length, heads * headSize])
}
