import { ArgumentError } from '@qkv/tensor'
import { checkWhole } from './check-options.ts'

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
  checkWhole(part, 'stride', stride, 1)
  checkWhole(part, 'selected', selected, 1)
  checkWhole(part, 'window', window, 1)
  for (const [argument, size] of Object.entries({ compressionBlock, selectionBlock })) {
    checkWhole(part, argument, size, 1)
    if (size % stride === 0) continue
    throw new ArgumentError({
      operation: part,
      argument,
      got: `is ${size}`,
      expected: `a multiple of the stride ${stride}`,
      fix: 'Choose a stride that divides both kinds of blocks.',
    })
  }
}

/** How many compressed keys stand for `keys` keys: only blocks that are full. */
export function compressedCount({ compressionBlock, stride }: SparseSizes, keys: number): number {
  return keys < compressionBlock ? 0 : Math.floor((keys - compressionBlock) / stride) + 1
}

/**
 * How much of each compressed block lies in each selection block, in strides, `[compressed, selection]` row-major: the importance of
 * the latter is the sum over the former with these weights.
 */
export function sharedStrides(sizes: SparseSizes, keys: number): Float32Array {
  const { compressionBlock, stride, selectionBlock } = sizes
  const columns = Math.ceil(keys / selectionBlock)
  const shared = new Float32Array(compressedCount(sizes, keys) * columns)
  for (let row = 0; row < compressedCount(sizes, keys); row++) {
    for (let step = 0; step < compressionBlock / stride; step++) {
      const column = Math.floor(((row + step) * stride) / selectionBlock)
      shared[row * columns + column]! += 1
    }
  }
  return shared
}
