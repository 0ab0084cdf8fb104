// An attention part inside of this repository: its file, its test and a changeset, and nothing else.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TemplateError } from 'create-qkv-attention/copy-template'
import { factoryName } from 'create-qkv-attention/factory-name'

const root = fileURLToPath(new URL('../../', import.meta.url))
const parts = join(root, 'packages/attention/src/parts')
const template = fileURLToPath(new URL('templates/part/', import.meta.url))

/** Writes the files of a part; its stage is a folder of the package of parts, `bias` unless said. */
export function createPart({ name, stage = 'bias' }) {
  const example = 'Write for instance: npm run new -- part my-attention'
  const factory = factoryName(name ?? '', template, example)
  const stages = readdirSync(parts, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  if (!stages.includes(stage)) {
    throw new TemplateError(
      `the stage is '${stage}', expected one of ${stages.join(', ')}. Write for instance: npm run new -- part ${name} bias`,
    )
  }
  const taken = stages.find((each) => existsSync(join(parts, each, `${name}.ts`)))
  if (taken !== undefined) {
    throw new TemplateError(`the part '${name}' is in src/parts/${taken} already. Choose another name.`)
  }
  const files = {
    'part.ts': `packages/attention/src/parts/${stage}/${name}.ts`,
    'part.test.ts': `packages/attention/src/parts/${stage}/${name}.test.ts`,
    'changeset.md': `.changeset/attention-${name}.md`,
  }
  for (const [from, to] of Object.entries(files)) {
    const text = readFileSync(join(template, `${from}.txt`), 'utf8')
      .replaceAll('PART-NAME', name)
      .replaceAll('partFactory', factory)
      .replaceAll('THIS_YEAR', String(new Date().getFullYear()))
    writeFileSync(join(root, to), text)
  }
  const listed = Object.values(files).map((file) => `  ${file}`)
  return {
    target: join(root, files['part.ts']),
    message: `Wrote:\n\n${listed.join('\n')}\n\nIt is a working example: put your idea in its place. Test it:\n\n  npm test -- packages/attention/src/parts`,
  }
}
