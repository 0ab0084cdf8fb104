import { writeFileSync } from 'node:fs'
import { pages, referenceFolder } from './pages.ts'

for (const [name, text] of await pages()) {
  writeFileSync(new URL(name, referenceFolder), text)
  console.log(`wrote docs/reference/${name}`)
}
