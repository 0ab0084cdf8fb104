import type { MatmulPrecision, MatmulVariant } from './kernels/matmul/variant.ts'
import type { GpuProvider } from './platform/gpu-provider.ts'

/** What `webgpu` and `createWebGpuBackend` take. */
export interface WebGpuOptions {
  /** Where adapters come from: `navigator.gpu`, or in Node the package `webgpu`, unless said. */
  readonly gpu?: GpuProvider
  /** The name or the URL of the module that brings WebGPU to Node; `webgpu` unless said. */
  readonly module?: string
  /** Which of several GPUs to ask for; the platform chooses unless said. */
  readonly powerPreference?: 'low-power' | 'high-performance'
  /** How matrices are multiplied; chosen by adapter and shape unless said. */
  readonly matmul?: MatmulVariant
  /**
   * How exactly large matrices are multiplied; `'float32'` unless said. `'float16'` rounds the elements of both to float16, about
   * three digits, and multiplies and adds these in float32: results are within 2e-3 of the sum of the absolute values of what was
   * added. Elements are scaled by powers of two, so that none overflows; those below 2^-29 of the largest one in the same 64 rows
   * (of the second matrix: columns) lose digits or become 0. Products with fewer than 32 rows, columns or inner steps stay in
   * float32. Opening ends in a `BackendError` where the adapter does not offer `shader-f16`, or `matmul` forces another kernel
   * than `'tiled'`.
   *
   * @example
   * const device = await openDevice({ backend: webgpu({ matmulPrecision: 'float16' }) })
   */
  readonly matmulPrecision?: MatmulPrecision
  /** The most bytes of released buffers that are kept for later tensors; 512 MiB unless said. */
  readonly pooledBytes?: number
}
