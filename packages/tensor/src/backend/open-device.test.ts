import { expect, test } from 'vitest'
import { BackendError } from '../errors/backend-error.ts'
import { openDevice } from './open-device.ts'
import type { BackendPlugin } from './plugin.ts'
import { createReferenceBackend } from './reference/reference-backend.ts'

const works: BackendPlugin = { name: 'works', create: () => createReferenceBackend() }
const missing: BackendPlugin = {
  name: 'missing',
  create() {
    throw new BackendError({
      operation: 'missing',
      argument: 'adapter',
      got: 'is absent',
      expected: 'a GPU',
      fix: 'Buy one.',
    })
  },
}
const broken: BackendPlugin = {
  name: 'broken',
  create() {
    throw new TypeError('a defect')
  },
}

test('takes the first that runs, and says why others were not taken', async () => {
  const device = await openDevice({ backend: ['missing', 'works'], plugins: [works, missing] })
  expect(device.selection).toEqual({
    chosen: 'works',
    rejected: [{ name: 'missing', reason: "missing: 'adapter' is absent, expected a GPU. Buy one." }],
  })
})

test('an unknown name lists the known ones and the command', async () => {
  await expect(openDevice({ backend: 'webgpu', plugins: [works] })).rejects.toThrow(
    "openDevice: 'backend' is 'webgpu', expected an installed backend ('works'). If it is published, run `npm install @qkv/backend-webgpu`",
  )
})

test('fails when none runs, and lets defects through', async () => {
  await expect(openDevice({ backend: missing })).rejects.toThrow(
    /^missing: 'adapter' is absent, expected a GPU. Buy one.$/,
  )
  await expect(openDevice({ backend: [missing, missing] })).rejects.toThrow(
    "openDevice: 'backend' runs on none of 'missing' (missing: 'adapter' is absent",
  )
  await expect(openDevice({ backend: [] })).rejects.toThrow("'backend' is an empty list")
  await expect(openDevice({ backend: [broken, works] })).rejects.toThrow('a defect')
})

test('refuses another version of the contract', async () => {
  const old = { name: 'old', create: () => ({ ...createReferenceBackend(), specVersion: 0 as unknown as 1 }) }
  await expect(openDevice({ backend: old })).rejects.toThrow('implements contract version 0')
})
