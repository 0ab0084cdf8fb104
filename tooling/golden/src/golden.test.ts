import { fileURLToPath } from 'node:url'
import { type Device, openDevice } from '@qkv/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupAdapters } from './adapters/index.ts'
import { backendPlugins } from './backends.ts'
import { loadGroup } from './load-group.ts'
import { runCase } from './run.ts'

const folder = fileURLToPath(new URL('../cases', import.meta.url))
const groups = groupAdapters
  .filter(({ usesDevice = true }) => usesDevice)
  .map(({ group }) => loadGroup(folder, group))

describe.each(backendPlugins)('$name', (plugin) => {
  let device: Device
  beforeAll(async () => {
    device = await openDevice({ backend: plugin })
  })
  afterAll(() => device.dispose())

  describe.each(groups)('$name', (group) => {
    // A whole training trajectory on the reference backend takes seconds, more on a busy machine.
    test.for(group.cases)('$name', { timeout: 120_000 }, async (testCase, { skip }) => {
      const result = await runCase(testCase, group, device)
      if (result.status === 'skipped') skip(result.reason)
      expect(result.status === 'failed' ? result.reason : null).toBeNull()
    })
  })
})
