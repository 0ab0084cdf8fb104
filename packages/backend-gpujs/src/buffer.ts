import type { BufferHandle } from '@qkv/tensor'
import type { DeviceArray } from './engine/device-array.ts'

/** A tensor's storage: an array on the device, whatever its element type; none for an empty tensor. */
export interface GpujsBuffer extends BufferHandle {
  readonly array: DeviceArray | undefined
  /** Smallest and largest number of an `int32` tensor that came from the host: indices are checked against them. */
  readonly range?: readonly [smallest: number, largest: number]
}
