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

test.each([
  ['Works', "expected an installed backend ('works'). Did you mean 'works'?"],
  ['../works', "expected an installed backend ('works'). Pass the plugin of its package."],
])('%s, which no package can be called, is not to be installed', async (name, sentence) => {
  const opening = openDevice({ backend: name, plugins: [works] })
  await expect(opening).rejects.toThrow(sentence)
  await expect(opening).rejects.not.toThrow('npm install')
})

test.each([
  ['a defect', () => new TypeError('a defect'), 'a defect'],
  ['an error that says nothing', () => new RangeError(), 'RangeError'],
  ['what is no error', () => 'no luck', 'no luck'],
])('%s is a reason to take the next of a list', async (_, thrown, reason) => {
  const create = (): never => {
    throw thrown()
  }
  const boom = { name: 'boom', create }
  const device = await openDevice({ backend: [boom, works] })
  expect(device.selection).toEqual({ chosen: 'works', rejected: [{ name: 'boom', reason }] })
  await expect(openDevice({ backend: [boom, missing] })).rejects.toThrow(`runs on none of 'boom' (${reason})`)
})

test('a backend of another version of the contract is a reason, too', async () => {
  const old = { name: 'old', create: () => ({ ...createReferenceBackend(), specVersion: 0 as unknown as 1 }) }
  const device = await openDevice({ backend: [old, works] })
  expect(device.selection?.rejected[0]?.reason).toContain("'old' implements contract version 0")
})

test('fails when none runs, and one alone fails as it does', async () => {
  await expect(openDevice({ backend: missing })).rejects.toThrow(
    /^missing: 'adapter' is absent, expected a GPU. Buy one.$/,
  )
  await expect(openDevice({ backend: [missing, missing] })).rejects.toThrow(
    "openDevice: 'backend' runs on none of 'missing' (missing: 'adapter' is absent",
  )
  await expect(openDevice({ backend: [] })).rejects.toThrow("'backend' is an empty list")
  for (const backend of [broken, [broken]])
    await expect(openDevice({ backend })).rejects.toThrow(new TypeError('a defect'))
})

test('refuses another version of the contract', async () => {
  const old = { name: 'old', create: () => ({ ...createReferenceBackend(), specVersion: 0 as unknown as 1 }) }
  await expect(openDevice({ backend: old })).rejects.toThrow('implements contract version 0')
})
