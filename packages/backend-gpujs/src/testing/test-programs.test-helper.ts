import { Device } from '@qkv/tensor'
import { compareWithReference } from '@qkv/tensor/conformance'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGpujsBackend, type GpujsMode } from '../index.ts'
import { programs } from './programs.ts'

/** Registers a test for each kind of program, `numRuns` of which have to agree with the reference in a mode. */
export function testPrograms(mode: GpujsMode, numRuns: number): void {
  let device: Device
  beforeAll(async () => {
    device = new Device(await createGpujsBackend({ mode }))
  })
  afterAll(() => device.dispose())

  test.each(Object.entries(programs))('%s of any shapes', async (_, program) => {
    await fc.assert(
      fc.asyncProperty(program, async (run) => {
        expect(await compareWithReference(device, run, 2e-4)).toBeNull()
      }),
      { numRuns },
    )
  })
}
