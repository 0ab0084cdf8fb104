import { add, type Device, iota, maximum, minimum, sub, type Tensor } from '@qkv/tensor'
import { checkOptions, multipleOf, wholeFrom } from '../check-options.ts'

/** Sizes of native sparse attention, in positions, and how many selection blocks a query attends to. */
export interface SparseSizes {
  readonly compressionBlock: number
  readonly stride: number
  readonly selectionBlock: number
  readonly selected: number
  readonly window: number
}

/** Throws an `ArgumentError` for sizes that do not fit each other. */
export function checkSparseSizes(part: string, sizes: SparseSizes): void {
  const { compressionBlock, stride, selectionBlock, selected, window } = sizes
  checkOptions(part, { stride, selected, window }, wholeFrom(1))
  const blocks = { compressionBlock, selectionBlock }
  checkOptions(part, blocks, wholeFrom(1))
  checkOptions(part, blocks, multipleOf(stride), 'Choose a stride that divides both kinds of blocks.')
}

/** How many compressed keys stand for `keys` keys: only blocks that are full. */
export function compressedCount({ compressionBlock, stride }: SparseSizes, keys: number): number {
  return keys < compressionBlock ? 0 : Math.floor((keys - compressionBlock) / stride) + 1
}

/**
 * How much of each compressed block lies in each selection block, in strides, `[compressed, selection]`: the importance of the latter
 * is the sum over the former with these weights.
 */
export function sharedStrides(device: Device, sizes: SparseSizes, keys: number): Tensor {
  const { compressionBlock, stride, selectionBlock } = sizes
  const shape = [compressedCount(sizes, keys), Math.ceil(keys / selectionBlock)] as const
  const [span, step] = [compressionBlock / stride, selectionBlock / stride]
  const first = iota(device, [shape[0], 1], { axis: 0, dtype: 'float32' })
  const other = iota(device, [1, shape[1]], { axis: 1, step, dtype: 'float32' })
  const end = minimum(add(first, span), add(other, step))
  return maximum(sub(end, maximum(first, other)), 0)
}
