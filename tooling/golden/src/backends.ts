import { cpu } from '@qkv/backend-cpu'
import { type BackendPlugin, createReferenceBackend } from '@qkv/tensor'

/** The backends that the cases run on, by name: the CPU as it comes, and with the kernels of lesser platforms. */
export const backendPlugins: readonly BackendPlugin[] = [
  { name: 'reference', create: () => createReferenceBackend() },
  cpu(),
  { ...cpu({ simd: 'plain' }), name: 'cpu-plain' },
  { ...cpu({ simd: 'none' }), name: 'cpu-none' },
]
