// Writes src/generated/ from the files below src/parts: a part's file is all that names it and its options.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readOptions } from './read-options.mjs'

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

const options = files.flatMap(({ folder, file, name }) => {
  const read = readOptions(pathToFileURL(`${source}parts/${folder}/${file}`), factoryOf(name))
  return read.length > 0 ? [[name, read]] : []
})

const aboutOptions = options.map(([part, own]) => [part, own.map(({ name, about }) => ({ name, about }))])

const path = ({ folder, file }) => `../parts/${folder}/${file}`
const lines = [
  '// Written by `pnpm run codegen` from the files below src/parts.',
  "import type { OptionKinds } from '../check-option-kinds.ts'",
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
  '/** What the options of the parts that have any may be, by the name of the part. */',
  'export const partOptionKinds: Readonly<Record<string, OptionKinds>> = {',
  ...options.map(
    ([name, own]) =>
      `  '${name}': { ${own.map((option) => `${option.name}: ['${option.kinds.join("', '")}']`).join(', ')} },`,
  ),
  '}',
  '',
]

const optionLines = [
  '// Written by `pnpm run codegen` from the files below src/parts.',
  "import type { PartOption } from '../describe-part.ts'",
  '',
  '/** What the options of parts say, by the name of the part. */',
  `export const partOptions: Readonly<Record<string, readonly PartOption[]>> = ${JSON.stringify(Object.fromEntries(aboutOptions), undefined, 2)}`,
  '',
]
mkdirSync(`${source}generated`, { recursive: true })
writeFileSync(`${source}generated/part-options.ts`, optionLines.join('\n'))
writeFileSync(`${source}generated/parts.ts`, lines.join('\n'))
