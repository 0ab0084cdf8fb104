import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'

// One backend for all tests: no result may depend on what earlier ones left in the memory.
const backend = await createWebGpuBackend()
afterAll(() => backend.dispose())
testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
testBackend({ create: createWebGpuBackend, test, ops: [] })
