// Whoever compiles these sources has the types of WebGPU with them.
/// <reference lib="dom" />
export { createWebGpuBackend, type WebGpuBackend } from './create-webgpu-backend.ts'
export { describeWebGpuBackend, type WebGpuCounters, type WebGpuDescription } from './describe.ts'
export { hasKernel, relativeTolerance } from './has-kernel.ts'
export type { BindingLimits } from './kernel.ts'
export type { MatmulPrecision, MatmulVariant } from './kernels/matmul/variant.ts'
export type { WebGpuOptions } from './options.ts'
export type { GpuProvider } from './platform/gpu-provider.ts'
export { webgpu } from './webgpu.ts'

declare module '@qkv/tensor' {
  interface BackendNames {
    webgpu: true
  }
}
