import { bytesPerElement, sizeOf, type TensorSpec } from '@qkv/tensor'

/** Bytes that a dense tensor takes. */
export function byteLengthOf({ shape, dtype }: TensorSpec): number {
  return Math.ceil(sizeOf(shape) * bytesPerElement[dtype])
}
