import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pages, referenceFolder } from './pages.ts'

test('docs/reference is what the sources say: `npm run catalogue` writes it', async () => {
  for (const [name, text] of await pages()) {
    expect(readFileSync(new URL(name, referenceFolder), 'utf8')).toBe(text)
  }
})
