import { assembleBackend, type CpuBackend, type CpuOptions, createHeap } from './assemble-backend.ts'
import { allBuilds } from './wasm/all-builds.ts'
import { instantiate } from './wasm/instantiate.ts'

/**
 * The backend that computes on the processor, in one heap that never gives a tensor an array of its own.
 * Throws a `BackendError` when `memoryLimit` is not a size, or when the platform cannot run the kernels asked for.
 *
 * @example
 * const device = new Device(createCpuBackend({ memoryLimit: 2 ** 30 }))
 */
export function createCpuBackend(options: CpuOptions = {}): CpuBackend {
  const heap = createHeap(options)
  return assembleBackend(heap, instantiate(heap, options.simd, allBuilds), options)
}
