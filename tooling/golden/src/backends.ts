import { cpu } from '@qkv/backend-cpu'
import { type BackendPlugin, createReferenceBackend } from '@qkv/tensor'

/** The backends that the cases run on, by name: the CPU with each build of its kernels, on all threads and on one. */
export const backendPlugins: readonly BackendPlugin[] = [
  { name: 'reference', create: () => createReferenceBackend() },
  cpu(),
  { ...cpu({ threads: 1 }), name: 'cpu-one-thread' },
  { ...cpu({ simd: 'plain' }), name: 'cpu-plain' },
  { ...cpu({ simd: 'plain', threads: 1 }), name: 'cpu-plain-one-thread' },
  { ...cpu({ simd: 'none' }), name: 'cpu-none' },
]
