import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { createGpujsBackend, type GpujsBackend } from './index.ts'

describe.each(['webasm', 'cpu'] as const)('the mode %s', (mode) => {
  // One backend for all tests: kernels are compiled once, as in a program.
  let backend: GpujsBackend
  beforeAll(async () => {
    backend = await createGpujsBackend({ mode })
  })
  afterAll(() => backend.dispose())
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
})
