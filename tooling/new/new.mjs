// Makes a new plugin from a template, in a folder of its own outside of this repository or in it.
//   npm run new -- backend metal ../qkv-backend-metal
//   npm run new -- part my-attention bias
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyTemplate, nextSteps, TemplateError } from 'create-qkv-attention/copy-template'
import { createPart } from './create-part.mjs'

const templates = fileURLToPath(new URL('templates/', import.meta.url))
const kinds = ['backend', 'part']

/**
 * Copies the template of a kind into a folder, with the name put in; a part goes into the package of parts instead, with its test
 * and a changeset. Throws a `TemplateError` when the kind or the name cannot be, or something is there already.
 */
export function createPlugin({ kind, name, folder }) {
  if (!kinds.includes(kind)) {
    throw new TemplateError(
      `the kind is '${kind ?? ''}', expected ${kinds.map((each) => `'${each}'`).join(' or ')}. Write: npm run new -- backend metal ../qkv-backend-metal`,
    )
  }
  if (kind === 'part') return createPart({ name, stage: folder })
  if (!/^[a-z][a-z0-9]*$/.test(name ?? '')) {
    throw new TemplateError(
      `the name is '${name ?? ''}', expected lower-case letters and digits. Write for instance: npm run new -- ${kind} metal`,
    )
  }
  const target = resolve(folder ?? `qkv-${kind}-${name}`)
  const version = tensorVersion()
  copyTemplate(join(templates, kind), target, { NAME: name, VERSION: `^${version}` })
  return {
    target,
    message: `Made ${target}. ${nextSteps({ folder: target, version, needed: 'qkv-tensor-' })}`,
  }
}

function tensorVersion() {
  const manifest = new URL('../../packages/tensor/package.json', import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

/** The command: says what was made and what comes next, or what is wrong. */
export function main([kind, name, folder]) {
  try {
    console.log(createPlugin({ kind, name, folder }).message)
    return 0
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    console.error(`new: ${error.message}`)
    return 2
  }
}
