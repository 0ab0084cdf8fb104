import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { createCpuBackend } from '../index.ts'
import { splitFinely } from '../testing/split-finely.ts'

splitFinely()

describe.each(['relaxed', 'plain'] as const)('the build %s in two threads', (simd) => {
  // One backend for all tests: each would start a thread of its own.
  const backend = createCpuBackend({ simd, threads: 2 })
  afterAll(() => backend.dispose())

  test('both threads work', async () => {
    await backend.ready()
    expect(backend.description).toMatchObject({ threads: 2, reasons: [] })
  })
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
})
