import { createReferenceBackend, Device } from '@qkv/tensor'
import { compareWithReference, specialPrograms } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsMode, relativeTolerance } from '../index.ts'

const truth = new Device(createReferenceBackend())

/** Registers a test for each operation: what a mode makes of NaN, infinities and zeros of both signs is what the reference does. */
export function testSpecialValues(mode: GpujsMode): void {
  let device: Device
  beforeAll(async () => {
    device = new Device(await createGpujsBackend({ mode }))
  })
  afterAll(() => device.dispose())

  test.each(Object.entries(specialPrograms))(`${mode}: %s of special values`, async (_, program) => {
    expect(await compareWithReference(device, program, relativeTolerance, truth)).toBeNull()
  })
}
