import type { Tensor } from '../../tensor.ts'
import { add } from '../add.ts'
import { broadcastTo } from '../broadcast-to.ts'
import { div } from '../div.ts'
import { matmul } from '../matmul.ts'
import { mul } from '../mul.ts'
import { reshape } from '../reshape.ts'
import { tag } from '../tag.ts'
import { tanh } from '../tanh.ts'
import { transpose } from '../transpose.ts'
import { where } from '../where.ts'
import type { AttentionAttrs, AttentionInputs } from './arguments.ts'
import { keyLengthTensor, maskTensor } from './mask.ts'

/** `[batch, heads, key, size]` from `[batch, keyHeads, key, size]`: query head `h` uses key head `floor(h / group)`. */
export function repeatKeyHeads(x: Tensor, heads: number): Tensor {
  const [batch, keyHeads, length, size] = x.shape as [number, number, number, number]
  if (keyHeads === heads) return x
  const grouped = reshape(x, [batch, keyHeads, 1, length, size])
  return reshape(broadcastTo(grouped, [batch, keyHeads, heads / keyHeads, length, size]), [
    batch,
    heads,
    length,
    size,
  ])
}

/** Everything that says which keys are kept, as one tensor; `undefined` when all of them are. */
export function keepTensor(
  { query, key, masks, keyLengths }: AttentionInputs<Tensor>,
  { mask }: AttentionAttrs,
  queryStart: number,
): Tensor | undefined {
  const keyLength = key.shape[2]!
  const kept = maskTensor(mask, {
    device: query.device,
    queryLength: query.shape[2]!,
    keyLength,
    queryStart,
    tensors: masks,
  })
  const filled = keyLengths && keyLengthTensor(keyLengths, keyLength)
  return kept && filled ? where(kept, filled, false) : (kept ?? filled)
}

/** The scaled products with the softcap applied, `[batch, heads, query, key]`. */
export function cappedScores(
  { query, key }: AttentionInputs<Tensor>,
  { scale, softcap }: AttentionAttrs,
): Tensor {
  const scores = mul(matmul(query, transpose(repeatKeyHeads(key, query.shape[1]!))), scale)
  return softcap === null ? scores : mul(tanh(div(scores, softcap)), softcap)
}

/** The scores with bias, and minus infinity where a key is masked out. */
export function maskedScores(
  inputs: AttentionInputs<Tensor>,
  attrs: AttentionAttrs,
  keep: Tensor | undefined,
): Tensor {
  const capped = cappedScores(inputs, attrs)
  const biased = tag('attention.scores', inputs.bias ? add(capped, inputs.bias) : capped)
  return keep ? where(keep, biased, -Infinity) : biased
}
