import { backendsPage } from './backends-page.ts'
import { learnedPage } from './learned-page.ts'
import { operationsPage } from './operations-page.ts'
import { partsPage } from './parts-page.ts'

/** The generated pages by file name, below docs/reference. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['backends.md', await backendsPage()],
    ['operations.md', operationsPage()],
    ['parts.md', partsPage()],
    ['parts-learned.md', learnedPage()],
  ])
}

export const referenceFolder: URL = new URL('../../../docs/reference/', import.meta.url)
