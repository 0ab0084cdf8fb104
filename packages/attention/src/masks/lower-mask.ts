import { type AttentionMask, type Device, type Tensor } from '@qkv/tensor'
import type { Mask } from './mask.ts'

/** What a function mask is asked about. */
export interface MaskSizes {
  readonly device: Device
  readonly heads: number
  readonly queryStart: number
  readonly queryLength: number
  readonly keyLength: number
}

/** The mask in the form of the fused operation, with its tensors listed apart. */
export interface LoweredMask {
  readonly mask: AttentionMask
  readonly tensors: readonly Tensor[]
}

/** Moves the tensors of a mask into a list that its leaves name by index. */
export function lowerMask(mask: Mask, sizes: MaskSizes): LoweredMask {
  const tensors: Tensor[] = []
  const add = (tensor: Tensor): AttentionMask => {
    const known = tensors.indexOf(tensor)
    return { kind: 'tensor', input: known >= 0 ? known : tensors.push(tensor) - 1 }
  }
  const lower = (part: Mask): AttentionMask => {
    switch (part.kind) {
      case 'tensor':
        return add(part.keep)
      case 'function':
        return add(evaluate(part.keep, sizes))
      case 'and':
      case 'or':
        return { kind: part.kind, of: part.of.map(lower) }
      default:
        return part
    }
  }
  return { mask: lower(mask), tensors }
}

function evaluate(
  keep: (head: number, query: number, key: number) => boolean,
  { device, heads, queryStart, queryLength, keyLength }: MaskSizes,
): Tensor {
  const values = new Uint8Array(heads * queryLength * keyLength)
  let index = 0
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < queryLength; query++) {
      for (let key = 0; key < keyLength; key++) values[index++] = Number(keep(head, queryStart + query, key))
    }
  }
  return device.tensor(values, { shape: [1, heads, queryLength, keyLength], dtype: 'bool' })
}
