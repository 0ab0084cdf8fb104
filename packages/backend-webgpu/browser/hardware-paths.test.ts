import { Device, iota, slice } from '@qkv/tensor'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebGpuBackend } from '../src/index.ts'
import { compareWithReference } from '@qkv/tensor/conformance'
import { longLinePrograms } from '../src/testing/long-line-programs.ts'
import { pretendedHardware } from '../src/testing/pretended-gpu.ts'

const backend = await createWebGpuBackend({ gpu: pretendedHardware(navigator.gpu) })
const device = new Device(backend)
afterAll(() => device.dispose())

test('the pretence works', () => {
  expect(backend.description).toMatchObject({ vendor: 'pretended', isFallbackAdapter: false })
})

describe.each([70, 2100])('lines of %i elements, shared between lanes', (width) => {
  test.each(Object.entries(longLinePrograms(width)))('%s', async (_, program) => {
    expect(await compareWithReference(device, program, 1e-4)).toBeNull()
  })
})

test('more workgroups than one dimension takes', async () => {
  const count = 65_535 * 64 + 200
  const last = device.scoped(() => slice(iota(device, [count]), [{ start: count - 3, size: 3 }]))
  expect(await last.read()).toEqual(Int32Array.of(count - 3, count - 2, count - 1))
  last.dispose()
})
