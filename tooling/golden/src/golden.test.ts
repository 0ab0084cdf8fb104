import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { groupAdapters } from './adapters/index.ts'
import { backendPlugins } from './backends.ts'
import { loadGroup } from './load-group.ts'
import { testGroups } from './test-groups.test-helper.ts'

const folder = fileURLToPath(new URL('../cases', import.meta.url))
const groups = groupAdapters
  .filter(({ usesDevice = true }) => usesDevice)
  .map(({ group }) => loadGroup(folder, group))

describe.each(backendPlugins)('$name', (plugin) => {
  testGroups(plugin, groups)
})
