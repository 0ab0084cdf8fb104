import { cpu } from '@qkv/backend-cpu'
import { gpujs } from '@qkv/backend-gpujs'
import { webgpu } from '@qkv/backend-webgpu'
import { type BackendPlugin, createReferenceBackend } from '@qkv/tensor'

/** The CPU with each build of its kernels, on all threads and on one. */
export const cpuPlugins: readonly BackendPlugin[] = [
  cpu(),
  { ...cpu({ threads: 1 }), name: 'cpu-one-thread' },
  { ...cpu({ simd: 'plain' }), name: 'cpu-plain' },
  { ...cpu({ simd: 'plain', threads: 1 }), name: 'cpu-plain-one-thread' },
  { ...cpu({ simd: 'none' }), name: 'cpu-none' },
]

/** What runs in Node, on any machine. */
export const nodePlugins: readonly BackendPlugin[] = [
  { name: 'reference', create: () => createReferenceBackend() },
  ...cpuPlugins,
  { ...gpujs({ mode: 'webasm' }), name: 'gpujs-webasm' },
  { ...gpujs({ mode: 'cpu' }), name: 'gpujs-cpu' },
]

/** What runs in Node with the packages gl and webgpu, which `npm run check:full` installs. */
export function onDemandPlugins(folder?: string): readonly BackendPlugin[] {
  const module = folder && `${folder}/webgpu/index.js`
  return [
    { ...gpujs({ mode: 'headlessgl' }), name: 'gpujs-headlessgl' },
    webgpu({ ...(module && { module }) }),
  ]
}

/** What runs in a page with a GPU, be it a software renderer. */
export const gpuPlugins: readonly BackendPlugin[] = [
  { ...gpujs({ mode: 'webgl2' }), name: 'gpujs-webgl2' },
  webgpu(),
]
