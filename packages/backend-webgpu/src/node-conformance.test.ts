import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, expect, test } from 'vitest'
import { createWebGpuBackend } from './index.ts'
import { nodeGpu } from './testing/node-gpu.ts'

// One backend for all tests: no result may depend on what earlier ones left in the memory.
const backend = 'options' in nodeGpu ? await createWebGpuBackend(nodeGpu.options) : undefined
test('Node reaches a GPU', ({ skip }) => {
  if ('missing' in nodeGpu) skip(nodeGpu.missing)
  expect(backend?.description.limits.maxBufferSize).toBeGreaterThan(2 ** 20)
})

if (backend) {
  afterAll(() => backend.dispose())
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
}
