import type { BufferHandle } from '@qkv/tensor'
import type { DeviceArray } from './engine/device-array.ts'
import type { IntegerRange } from './integer-range.ts'

/** A tensor's storage: an array on the device, whatever its element type; none for an empty tensor. */
export interface GpujsBuffer extends BufferHandle {
  readonly array: DeviceArray | undefined
  /** Of an `int32` tensor that came from the host: indices are checked against it. */
  readonly range?: IntegerRange
}
