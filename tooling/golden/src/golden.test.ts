import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { openDevice } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { groupAdapters } from './adapters/index.ts'
import { nodePlugins, onDemandPlugins } from './backends.ts'
import { loadGroup } from './load-group.ts'
import { testGroups } from './test-groups.test-helper.ts'

const folder = fileURLToPath(new URL('../cases', import.meta.url))
const groups = groupAdapters
  .filter(({ usesDevice = true }) => usesDevice)
  .map(({ group }) => loadGroup(folder, group))

const modules = env['QKV_GPU_MODULES']
const onDemand = onDemandPlugins(modules)

describe.each(modules ? [...nodePlugins, ...onDemand] : nodePlugins)('$name', (plugin) => {
  testGroups(plugin, groups)
})

test.for(onDemand)('$name is there', async (plugin, { skip }) => {
  skip(
    !modules,
    'GPU backends in Node are tested by npm run check:full, which installs the packages gl and webgpu',
  )
  const device = await openDevice({ backend: plugin })
  expect(device.selection?.chosen).toBe(plugin.name)
  await device.dispose()
})
