import { cpu } from '@qkv/backend-cpu'
import { gpujs } from '@qkv/backend-gpujs'
import { type BackendPlugin, createReferenceBackend } from '@qkv/tensor'

/** The CPU with each build of its kernels, on all threads and on one. */
export const cpuPlugins: readonly BackendPlugin[] = [
  cpu(),
  { ...cpu({ threads: 1 }), name: 'cpu-one-thread' },
  { ...cpu({ simd: 'plain' }), name: 'cpu-plain' },
  { ...cpu({ simd: 'plain', threads: 1 }), name: 'cpu-plain-one-thread' },
  { ...cpu({ simd: 'none' }), name: 'cpu-none' },
]

/** The backends that the cases run on in Node, by name. */
export const backendPlugins: readonly BackendPlugin[] = [
  { name: 'reference', create: () => createReferenceBackend() },
  ...cpuPlugins,
  { ...gpujs({ mode: 'webasm' }), name: 'gpujs-webasm' },
]

/** The backends that the cases run on in a page with a GPU, be it a software renderer. */
export const gpuPlugins: readonly BackendPlugin[] = [{ ...gpujs({ mode: 'webgl2' }), name: 'gpujs-webgl2' }]
