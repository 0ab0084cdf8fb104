import { broadcastTo, reshape, type Tensor } from '@qkv/tensor'

/** `[batch, heads, key, size]` from `[batch, keyHeads, key, size]`: query head `h` uses key head `floor(h / group)`. */
export function repeatKeyHeads(x: Tensor, heads: number): Tensor {
  const [batch, keyHeads, length, size] = x.shape as [number, number, number, number]
  if (keyHeads === heads) return x
  const group = heads / keyHeads
  const grouped = broadcastTo(reshape(x, [batch, keyHeads, 1, length, size]), [
    batch,
    keyHeads,
    group,
    length,
    size,
  ])
  return reshape(grouped, [batch, heads, length, size])
}
