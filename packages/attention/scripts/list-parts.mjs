// Writes src/generated/parts.ts from the files below src/parts: a part's file is all that names it.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../src/', import.meta.url))

const files = readdirSync(`${source}parts`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: folder }) =>
    readdirSync(`${source}parts/${folder}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => ({ folder, file, name: file.slice(0, -'.ts'.length) })),
  )
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** `t5-bias` is the part that `t5Bias` makes. */
const factoryOf = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase())

const path = ({ folder, file }) => `../parts/${folder}/${file}`
const lines = [
  '// Written by `pnpm run codegen` from the files below src/parts.',
  "import type { PartFactory } from '../resolve-parts.ts'",
  ...files.map((entry) => `import { ${factoryOf(entry.name)} } from '${path(entry)}'`),
  '',
  ...files.map((entry) => `export * from '${path(entry)}'`),
  '',
  '/** Every part of this package, by the order of their names. */',
  'export const partFactories: readonly PartFactory[] = [',
  ...files.map(({ name }) => `  ${factoryOf(name)},`),
  ']',
  '',
  '/** The folder below src/parts that each part lies in, by name. */',
  'export const partFolders: Readonly<Record<string, string>> = {',
  ...files.map(({ folder, name }) => `  '${name}': '${folder}',`),
  '}',
  '',
]
mkdirSync(`${source}generated`, { recursive: true })
writeFileSync(`${source}generated/parts.ts`, lines.join('\n'))
