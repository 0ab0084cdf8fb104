import { Device } from '@qkv/tensor'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGpujsBackend } from './index.ts'
import { compare } from './testing/compare.ts'
import { programs } from './testing/programs.ts'

let device: Device
beforeAll(async () => {
  device = new Device(await createGpujsBackend({ mode: 'webasm' }))
})
afterAll(() => device.dispose())

test.each(Object.entries(programs))('%s of any shapes', async (_, program) => {
  await fc.assert(
    fc.asyncProperty(program, async (run) => {
      expect(await compare(device, run, 2e-4)).toBeNull()
    }),
    { numRuns: 25 },
  )
})
