import type { BackendPlugin } from '@qkv/tensor'
import { assembleBackend, type CpuOptions, createHeap } from './assemble-backend.ts'
import { loadAndInstantiate } from './wasm/instantiate.ts'
import { loadBuild } from './wasm/load-build.ts'

/**
 * The CPU backend as a plugin. Bundlers put each build of the kernels into a file of its own, and a page loads only the one
 * that it runs.
 *
 * @example
 * const device = await openDevice({ backend: cpu() })
 */
export function cpu(options: CpuOptions = {}): BackendPlugin {
  return {
    name: 'cpu',
    async create() {
      const heap = createHeap(options)
      const instance = await loadAndInstantiate(heap, options.simd, loadBuild)
      const backend = assembleBackend(heap, instance, options)
      await backend.ready()
      return backend
    },
  }
}
