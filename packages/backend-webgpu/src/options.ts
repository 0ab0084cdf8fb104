import type { MatmulVariant } from './kernels/matmul/variant.ts'
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
  /** The most bytes of released buffers that are kept for later tensors; 512 MiB unless said. */
  readonly pooledBytes?: number
}
