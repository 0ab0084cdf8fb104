import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, describe, test } from 'vitest'
import { createWebGpuBackend } from './index.ts'
import { nodeGpu } from './testing/node-gpu.ts'

describe.skipIf('missing' in nodeGpu)('the backend contract, on the GPU that Node reaches', async () => {
  if ('missing' in nodeGpu) return
  // One backend for all tests: no result may depend on what earlier ones left in the memory.
  const backend = await createWebGpuBackend(nodeGpu.options)
  afterAll(() => backend.dispose())
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
})
