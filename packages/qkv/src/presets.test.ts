import { BackendError, createReferenceBackend } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { UsageError } from './errors/usage-error.ts'
import { type BackendPreset, backendPresets, openDevice, pluginOf } from './presets.ts'

describe('openDevice', () => {
  // WebGPU needs an adapter, and in Node a package.
  const everywhere = backendPresets.map(({ name }) => name).filter((name) => name !== 'webgpu')
  test.each(everywhere)('opens %s by name', async (name) => {
    const device = await openDevice({ backend: name })
    expect(device.name).toBe(name)
    await device.dispose()
  })

  test('takes the first of a list that runs, and says why not the others', async () => {
    const broken = {
      name: 'broken',
      create: (): never => {
        throw new BackendError({
          operation: 'broken',
          argument: 'adapter',
          got: 'is missing',
          expected: 'one',
          fix: 'Add it.',
        })
      },
    }
    const device = await openDevice({ backend: ['broken', 'reference'], plugins: [broken] })
    expect(device.selection).toEqual({
      chosen: 'reference',
      rejected: [{ name: 'broken', reason: "broken: 'adapter' is missing, expected one. Add it." }],
    })
    await expect(openDevice({ backend: ['broken'], plugins: [broken] })).rejects.toThrow(BackendError)
  })

  test('knows the backends of plugins by name', async () => {
    const mine = { name: 'mine', create: () => ({ ...createReferenceBackend(), name: 'mine' }) }
    const device = await openDevice({ backend: 'mine', plugins: [mine] })
    expect(device.name).toBe('mine')
  })

  test('an unknown name is refused with the known ones and a command, before anything is opened', async () => {
    const opening = openDevice({ backend: ['cpu', 'metal'] })
    await expect(opening).rejects.toThrow(UsageError)
    await expect(opening).rejects.toThrow(
      "'metal', expected a known backend ('cpu', 'webgpu', 'gpujs', 'reference'). For one of another package, install that, such as `npm install qkv-backend-metal`",
    )
  })

  const absent = (missing: string): BackendPreset => ({
    name: 'absent',
    package: '@qkv/backend-absent',
    description: 'not there',
    async load() {
      const error = new Error(`Cannot find package '${missing}' imported from /app/main.js`)
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' })
    },
  })

  test('a package that is not installed is named with the command that installs it', async () => {
    const preset = absent('@qkv/backend-absent')
    await expect(openDevice({ backend: pluginOf(preset) })).rejects.toThrow(
      "openDevice: 'backend' is 'absent', whose package @qkv/backend-absent is not installed, expected an installed backend " +
        "('cpu', 'webgpu', 'gpujs', 'reference'). Run `npm install @qkv/backend-absent`.",
    )
  })

  test('a package that lacks another one is installed, and cannot be loaded', async () => {
    const opening = openDevice({ backend: pluginOf(absent('gpu.js')) })
    await expect(opening).rejects.toThrow(BackendError)
    await expect(opening).rejects.toThrow(
      "is 'absent', whose package @qkv/backend-absent cannot be loaded (Cannot find package 'gpu.js' imported from /app/main.js)",
    )
  })
})
