import { describe } from 'vitest'
import { groupAdapters } from '../src/adapters/index.ts'
import { cpuPlugins } from '../src/backends.ts'
import { testGroups } from '../src/test-groups.test-helper.ts'
import { fetchGroup } from './fetch-group.ts'

const groups = await Promise.all(
  groupAdapters.filter(({ usesDevice = true }) => usesDevice).map(({ group }) => fetchGroup(group)),
)

describe.each(cpuPlugins)('$name', (plugin) => {
  testGroups(plugin, groups)
})
