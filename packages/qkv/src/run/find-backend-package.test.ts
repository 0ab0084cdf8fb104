import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BackendError } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { installBackend, temporaryFolder } from '../cli/cli.test-helper.ts'
import { UsageError } from '../errors/usage-error.ts'
import { openDevice } from '../presets.ts'
import { findBackendPackage } from './find-backend-package.ts'

describe('an installed package', () => {
  test.each([
    ['./index.js'],
    [{ '.': { types: './index.d.ts', import: './index.js' } }],
    [{ import: './index.js', require: './not-there.cjs' }],
    [{ node: { import: './index.js' } }],
    [[{ import: './index.js' }]],
  ])('is found whatever its exports are: %j', async (exports) => {
    const folder = await temporaryFolder()
    await installBackend(
      folder,
      'esm',
      'export default () => ({ name: "other", create: () => "made" })',
      exports,
    )
    const plugin = findBackendPackage('esm', [folder])
    expect(plugin?.name).toBe('esm')
    expect(await plugin?.create()).toBe('made')
  })

  test('is found in the first project that has it, and in folders above', async () => {
    const [first, second] = [await temporaryFolder(), await temporaryFolder()]
    const inside = join(second, 'a/b')
    await mkdir(inside, { recursive: true })
    await installBackend(second, 'far', 'export default { name: "far", create: () => "second" }')
    expect(await findBackendPackage('far', [first, inside])?.create()).toBe('second')
    await installBackend(first, 'far', 'export default { name: "far", create: () => "first" }')
    expect(await findBackendPackage('far', [first, inside])?.create()).toBe('first')
    expect(findBackendPackage('absent', [first, inside])).toBeUndefined()
  })

  test.each([
    ['needs another that is not there', 'import "qkv-nowhere"', './index.js', /qkv-nowhere/],
    ['throws', 'throw new Error("no driver\\nat all")', './index.js', /\(no driver\)/],
    ['has no such file', '', './dist/index.js', /\(.+\)/],
    ['is for require alone', '', { require: './index.cjs' }, /\(.+\)/],
  ])('that %s is not taken for one that is not installed', async (_, source, exports, reason) => {
    const folder = await temporaryFolder()
    await installBackend(folder, 'bad', source, exports)
    const opening = openDevice({ backend: 'bad', folder })
    await expect(opening).rejects.toThrow(BackendError)
    await expect(opening).rejects.toThrow(reason)
    await expect(opening).rejects.toThrow(
      /'backend' is 'bad', whose package qkv-backend-bad cannot be loaded .* expected a package that can be imported\. Install it anew/,
    )
    const device = await openDevice({ backend: ['bad', 'reference'], folder })
    expect(device.selection?.rejected[0]?.reason).toMatch(reason)
    await device.dispose()
  })

  test('that brings no backend says so', async () => {
    const folder = await temporaryFolder()
    await installBackend(folder, 'empty', 'export const backend = 1')
    await expect(openDevice({ backend: 'empty', folder })).rejects.toThrow(
      "is 'empty', but qkv-backend-empty brings none, expected a default export that makes a backend plugin",
    )
  })
})

describe('advice for a name that no backend has', () => {
  test.each([
    ['CPU', "Did you mean 'cpu'? For one of another package, put its plugin into `plugins`", false],
    ['../x', 'For one of another package, put its plugin into `plugins`', false],
    ['Metal', "Did you mean 'metal'?", false],
    ['qkv-backend-metal', "Did you mean 'metal'?", true],
    ['@qkv/backend-cpu', "Did you mean 'cpu'?", true],
    ['tpu', '`npm install qkv-backend-tpu`', true],
  ])('%s', async (name, advice, installs) => {
    const folder = await temporaryFolder()
    await installBackend(folder, 'metal', '')
    const error: unknown = await openDevice({ backend: name, folder }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    const { message } = error as UsageError
    expect(message).toContain(advice)
    expect(message.includes('npm install qkv-backend-')).toBe(installs)
    expect(message).not.toContain('qkv-backend-qkv-')
  })
})
