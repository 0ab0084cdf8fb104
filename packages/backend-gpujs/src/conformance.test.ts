import { testBackend } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsBackend, type GpujsMode } from './index.ts'

declare const process: { readonly env: Readonly<Record<string, string | undefined>> }

/** Set by `npm run check:full`, which installs the package `gl`. */
const hasGl = process.env['QKV_GPU_MODULES'] !== undefined
const modes: readonly GpujsMode[] = hasGl ? ['webasm', 'cpu', 'headlessgl'] : ['webasm', 'cpu']

describe.each(modes)('the mode %s', (mode) => {
  // One backend for all tests: kernels are compiled once, as in a program.
  let backend: GpujsBackend
  beforeAll(async () => {
    backend = await createGpujsBackend({ mode })
  })
  afterAll(() => backend.dispose())
  test('is the mode that runs', () => expect(backend.description.mode).toBe(mode))
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test })
})

test.runIf(!hasGl)('the mode headlessgl', ({ skip }) => {
  skip('headless-gl is tested by npm run check:full, which installs the package gl for it')
})
