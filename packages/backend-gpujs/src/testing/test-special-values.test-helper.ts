import { createReferenceBackend, Device } from '@qkv/tensor'
import { mismatch } from '@qkv/tensor/conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsMode, relativeTolerance } from '../index.ts'
import { specialPrograms } from './special-values.ts'

/** In float32: what is too large for it is infinite there too. */
const truth = new Device(createReferenceBackend())

/** Registers a test for each operation: what a mode makes of NaN, infinities and zeros of both signs is what the reference does. */
export function testSpecialValues(mode: GpujsMode): void {
  let device: Device
  beforeAll(async () => {
    device = new Device(await createGpujsBackend({ mode }))
  })
  afterAll(() => device.dispose())

  test.each(Object.entries(specialPrograms))(`${mode}: %s of special values`, async (_, program) => {
    const wanted = program(truth)
    const got = program(device)
    expect(got).toHaveLength(wanted.length)
    for (const [index, output] of got.entries()) {
      const tolerance = { absolute: relativeTolerance, relative: relativeTolerance }
      expect(mismatch(await output.read(), wanted[index]!.readSync(), tolerance)).toBeNull()
    }
  })
}
