import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsBackend, type GpujsMode } from './index.ts'

declare const process: { readonly env: Readonly<Record<string, string | undefined>> }

/** Whether `npm run check:full` has installed the package gl. */
const hasGl = process.env['QKV_GPU_MODULES'] !== undefined
const modes: readonly GpujsMode[] = ['webasm', 'cpu', 'headlessgl']

describe.each(modes)('the mode %s', (mode) => {
  const isMissing = mode === 'headlessgl' && !hasGl
  // One backend for all tests: kernels are compiled once, as in a program.
  let backend: GpujsBackend
  beforeAll(async () => {
    if (!isMissing) backend = await createGpujsBackend({ mode })
  })
  afterAll(() => backend?.dispose())

  test('is the mode that runs', ({ skip }) => {
    skip(isMissing, 'headless-gl is tested by npm run check:full, which installs the package gl for it')
    expect(backend.description.mode).toBe(mode)
  })
  if (isMissing) return
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
  testBackend({ create: () => createGpujsBackend({ mode }), test, ops: [] })
})
