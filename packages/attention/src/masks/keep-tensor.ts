import { maskTensor, type Tensor } from '@qkv/tensor'
import { lowerMask, type MaskSizes } from './lower-mask.ts'
import type { Mask } from './mask.ts'

/** The mask as a `bool` tensor that broadcasts to `[batch, heads, query, key]`; `undefined` when it keeps every key. */
export function keepTensor(mask: Mask, sizes: MaskSizes): Tensor | undefined {
  const lowered = lowerMask(mask, sizes)
  return maskTensor(lowered.mask, { ...sizes, tensors: lowered.tensors })
}
