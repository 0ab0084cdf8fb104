import type { BackendPlugin } from '@qkv/tensor'
import { createGpujsBackend, type GpujsOptions } from './create-gpujs-backend.ts'

/**
 * The gpu.js backend as a plugin.
 *
 * @example
 * const device = await openDevice({ backend: gpujs() })
 */
export function gpujs(options: GpujsOptions = {}): BackendPlugin {
  return { name: 'gpujs', create: () => createGpujsBackend(options) }
}
