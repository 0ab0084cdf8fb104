import { describe } from 'vitest'
import { groupAdapters } from '../src/adapters/index.ts'
import { backendPlugins } from '../src/backends.ts'
import { testGroups } from '../src/test-groups.test-helper.ts'
import { fetchGroup } from './fetch-group.ts'

const groups = await Promise.all(
  groupAdapters.filter(({ usesDevice = true }) => usesDevice).map(({ group }) => fetchGroup(group)),
)
// The reference backend is plain JavaScript: nothing of it depends on the page.
const plugins = backendPlugins.filter(({ name }) => name !== 'reference')

describe.each(plugins)('$name', (plugin) => {
  testGroups(plugin, groups)
})
