import type { Values } from './gpu-js.ts'
import type { CachedKernel } from './kernel-cache.ts'

/** Numbers on the device: what kernels read and write. */
export interface DeviceArray {
  readonly length: number
  /** Four numbers to an element, for kernels that read them at once. */
  readonly packed: boolean
  /** Absent until the kernel that writes them has run, in modes that run later. */
  values: Values | undefined
  /** The kernel that made them, where they are on the device: they are read and freed by it. */
  kernel: CachedKernel | undefined
}

/** Whether values are in a texture or a buffer, and not in host memory. */
export function isOnDevice(values: Values): values is Exclude<Values, Float32Array> {
  return 'toArray' in values
}
