import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pageSuites } from './page-suites.ts'
import { replaceSection } from './page.ts'

const text = 'a\n<!-- figures: x -->\nold\n<!-- end -->\nb\n<!-- figures: y -->\n<!-- end -->\n'

test('replaces what stands between the comments, any number of times', () => {
  const once = replaceSection(text, 'x', 'new')
  expect(once).toBe(text.replace('old\n', '\nnew\n\n'))
  expect(replaceSection(once, 'x', 'new')).toBe(once)
  expect(replaceSection(text, 'y', 'new')).toContain('old')
})

test('refuses a page without the place', () => {
  expect(() => replaceSection(text, 'z', 'new')).toThrow("'<!-- figures: z -->' is missing")
})

test('the page has a place for each table', () => {
  const page = readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8')
  for (const name of ['machine', 'goals', 'kernels', ...pageSuites.map((suite) => suite.name)])
    expect(page).toContain(`<!-- figures: ${name} -->\n`)
})
