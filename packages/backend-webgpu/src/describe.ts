import type { Backend } from '@qkv/tensor'
import type { MatmulPrecision, MatmulVariant } from './kernels/matmul/variant.ts'

/** What a backend has done so far, and holds now. */
export interface WebGpuCounters {
  /** Kernels that were started. */
  readonly dispatches: number
  /** Batches of commands that were handed to the GPU. */
  readonly submits: number
  /** Tensors that were copied to the host. */
  readonly readBacks: number
  /** Kernels that were compiled. */
  readonly pipelines: number
  /** Buffers of tensors. */
  readonly liveBuffers: number
  /** Released buffers that are kept for later tensors, and their bytes. */
  readonly pooledBuffers: number
  readonly pooledBytes: number
  /** Reads and synchronizations that the GPU has not answered yet. */
  readonly waiting: number
}

/** How a WebGPU backend runs. */
export interface WebGpuDescription {
  readonly vendor: string
  readonly architecture: string
  /** The adapter in the words of its driver. */
  readonly adapter: string
  /** Whether the GPU is a program on the processor. */
  readonly isFallbackAdapter: boolean
  /** What the adapter offers. */
  readonly features: readonly string[]
  /** Whether the lanes of a workgroup reduce values through subgroups, or through memory alone. */
  readonly subgroups: boolean
  /** The limits that decide which tensors and kernels are possible. */
  readonly limits: {
    readonly maxBufferSize: number
    readonly maxStorageBufferBindingSize: number
    readonly maxStorageBuffersPerShaderStage: number
    readonly maxComputeInvocationsPerWorkgroup: number
  }
  readonly matmul: MatmulVariant
  readonly matmulPrecision: MatmulPrecision
  /** A new object at each reading. */
  readonly counters: WebGpuCounters
}

/**
 * How a WebGPU backend runs, also from inside decorators; `undefined` for other backends.
 *
 * @example
 * console.log(describeWebGpuBackend(device.backend)?.adapter)
 */
export function describeWebGpuBackend(backend: Backend): WebGpuDescription | undefined {
  return backend.name === 'webgpu'
    ? (backend as Partial<{ readonly description: WebGpuDescription }>).description
    : undefined
}
