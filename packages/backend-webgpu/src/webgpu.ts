import type { BackendPlugin } from '@qkv/tensor'
import { createWebGpuBackend } from './create-webgpu-backend.ts'
import type { WebGpuOptions } from './options.ts'

/**
 * The WebGPU backend as a plugin.
 *
 * @example
 * const device = await openDevice({ backend: [webgpu(), cpu()] })
 */
export function webgpu(options: WebGpuOptions = {}): BackendPlugin {
  return { name: 'webgpu', create: () => createWebGpuBackend(options) }
}
