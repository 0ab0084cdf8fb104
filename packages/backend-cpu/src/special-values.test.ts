import { createReferenceBackend, Device } from '@qkv/tensor'
import { compareWithReference, specialPrograms } from '@qkv/tensor/conformance'
import { expect, test } from 'vitest'
import { createCpuBackend } from './index.ts'

const device = new Device(createCpuBackend())
/** In float32: what is too large for it is infinite there too. */
const truth = new Device(createReferenceBackend())

test.each(Object.entries(specialPrograms))('%s of special values', async (_, program) => {
  const tolerance = device.backend.capabilities.relativeTolerance
  expect(await compareWithReference(device, program, tolerance, truth)).toBeNull()
})
