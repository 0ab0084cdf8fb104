import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPlugin } from '@qkv/new'
import { testBackend } from '@qkv/tensor/conformance'
import { openDevice } from 'qkv'
import { afterAll, describe, expect, test } from 'vitest'
import { createBackend } from './qkv-backend-plain/index.js'

const example = fileURLToPath(new URL('qkv-backend-plain', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'qkv-project-'))
afterAll(() => rmSync(project, { recursive: true }))

test('the example is what `npm run new -- backend` makes', () => {
  const { target: made } = createPlugin({ kind: 'backend', name: 'plain', folder: join(project, 'made') })
  const read = (folder: string): readonly string[] =>
    readdirSync(folder).map((file) => `${file}\n${readFileSync(join(folder, file), 'utf8')}`)
  expect(read(made)).toEqual(read(example))
})

test('it is found by name in the project that has it installed, and nowhere else', async () => {
  mkdirSync(join(project, 'node_modules'))
  symlinkSync(example, join(project, 'node_modules/qkv-backend-plain'))
  const device = await openDevice({ backend: 'plain', folder: project })
  expect(device.name).toBe('plain')
  expect(await device.tensor([1, 2]).read()).toEqual(Float32Array.of(1, 2))
  await device.dispose()
  await expect(openDevice({ backend: 'plain', folder: tmpdir() })).rejects.toThrow("'backend' is 'plain'")
})

describe('the conformance suite', () => {
  testBackend({ create: createBackend, test })
})
