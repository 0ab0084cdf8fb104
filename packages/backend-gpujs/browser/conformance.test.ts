import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsBackend } from '../src/index.ts'
import { opsInRange } from '../src/testing/ops-in-range.ts'

let backend: GpujsBackend
beforeAll(async () => {
  backend = await createGpujsBackend({ mode: 'webgl2' })
})
afterAll(() => backend.dispose())

test('runs on WebGL 2', () => {
  expect(backend.description.mode).toBe('webgl2')
})

testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test, ops: opsInRange })
testBackend({ create: () => createGpujsBackend({ mode: 'webgl2' }), test, ops: [] })
