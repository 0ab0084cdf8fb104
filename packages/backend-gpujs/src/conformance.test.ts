import { BackendError, Device } from '@qkv/tensor'
import { allOps, testBackend } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsBackend, type GpujsMode } from './index.ts'
import { isInRange, opsInRange } from './testing/ops-in-range.ts'

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
  testBackend({ create: () => ({ ...backend, dispose: async () => {} }), test, ops: opsInRange })
  testBackend({ create: () => createGpujsBackend({ mode }), test, ops: [] })
})

test('the samples that are left out are few, and refused', async () => {
  const device = new Device(await createGpujsBackend({ mode: 'cpu' }))
  const leftOut = allOps.flatMap(({ name, samples }) =>
    samples.filter((sample) => !isInRange(sample)).map((sample) => ({ name, sample })),
  )
  expect(leftOut.map(({ name }) => name)).toEqual(['qkv/min'])
  for (const { sample } of leftOut) {
    const refused = (): unknown =>
      sample.inputs.map(({ values }) => device.tensor(Int32Array.from(values ?? [])))
    expect(refused).toThrow(BackendError)
  }
  await device.dispose()
})
