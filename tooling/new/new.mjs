// Makes a new plugin from a template, in a folder of its own outside of this repository or in it.
//   npm run new -- backend metal ../qkv-backend-metal
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const templates = fileURLToPath(new URL('templates/', import.meta.url))
const kinds = readdirSync(templates)

/** What is wrong with what was asked for, and what helps. */
export class NewError extends Error {}

/**
 * Copies the template of a kind into a folder, with the name put in. Throws a `NewError` when the kind or the name cannot be, or
 * the folder is there already.
 */
export function createPlugin({ kind, name, folder }) {
  if (!kinds.includes(kind)) {
    throw new NewError(
      `new: the kind is '${kind ?? ''}', expected ${kinds.map((each) => `'${each}'`).join(' or ')}. Write: npm run new -- backend metal ../qkv-backend-metal`,
    )
  }
  if (!/^[a-z][a-z0-9]*$/.test(name ?? '')) {
    throw new NewError(
      `new: the name is '${name ?? ''}', expected lower-case letters and digits. Write for instance: npm run new -- ${kind} metal`,
    )
  }
  const target = resolve(folder ?? `qkv-${kind}-${name}`)
  if (existsSync(target)) {
    throw new NewError(`new: ${target} is there already. Name another folder, or remove that one.`)
  }
  cpSync(join(templates, kind), target, { recursive: true })
  for (const file of readdirSync(target)) {
    const path = join(target, file)
    const text = readFileSync(path, 'utf8').replaceAll('NAME', name).replaceAll('VERSION', tensorVersion())
    writeFileSync(path, text)
  }
  return target
}

function tensorVersion() {
  const manifest = new URL('../../packages/tensor/package.json', import.meta.url)
  return `^${JSON.parse(readFileSync(manifest, 'utf8')).version}`
}

/** The command: says what was made and what comes next, or what is wrong. */
export function main([kind, name, folder]) {
  try {
    const target = createPlugin({ kind, name, folder })
    console.log(`Made ${target}. Next:\n\n  cd ${target}\n  npm install\n  npm test`)
    return 0
  } catch (error) {
    if (!(error instanceof NewError)) throw error
    console.error(error.message)
    return 2
  }
}
