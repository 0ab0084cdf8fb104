import { Device } from '@qkv/tensor'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGpujsBackend } from '../src/index.ts'
import { compare } from '../src/testing/compare.ts'
import { programs } from '../src/testing/programs.ts'

let device: Device
beforeAll(async () => {
  device = new Device(await createGpujsBackend({ mode: 'webgl2' }))
})
afterAll(() => device.dispose())

test.each(Object.entries(programs))('%s of any shapes', async (_, program) => {
  await fc.assert(
    fc.asyncProperty(program, async (run) => {
      expect(await compare(device, run, 2e-4)).toBeNull()
    }),
    { numRuns: 10 },
  )
})
