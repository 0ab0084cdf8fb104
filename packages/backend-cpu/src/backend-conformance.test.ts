import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, describe, test } from 'vitest'
import { createCpuBackend } from './index.ts'
import { builds } from './testing/compare.ts'

describe.each(builds)('the build %s', (simd) => {
  // One backend for all tests: no result may depend on what earlier ones left in the memory.
  const backend = createCpuBackend({ simd })
  afterAll(() => backend.dispose())
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
  testBackend({ create: () => createCpuBackend({ simd }), test, ops: [] })
})
