#!/usr/bin/env node
// npm create qkv-attention my-attention
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyTemplate, nextSteps, TemplateError } from './copy-template.js'

const usage = 'Write: npm create qkv-attention my-attention'

function create([name, folder, ...rest]) {
  if (name === undefined || name === '--help' || name === '-h') throw new TemplateError(usage)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || rest.length > 0) {
    throw new TemplateError(
      `the name is '${[name, ...rest].join(' ')}', expected lower-case words with hyphens between. ${usage}`,
    )
  }
  const target = resolve(folder ?? name)
  const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
  copyTemplate(fileURLToPath(new URL('template', import.meta.url)), target, {
    'PART-NAME': name,
    partFactory: name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase()),
    'QKV-VERSION': `^${version}`,
    THIS_YEAR: String(new Date().getFullYear()),
  })
  const next = nextSteps({ folder: folder ?? name, version })
  console.log(`Made ${target}. The part is in src/index.ts. ${next}`)
}

try {
  create(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof TemplateError)) throw error
  console.error(error.message.startsWith('Write') ? error.message : `create-qkv-attention: ${error.message}`)
  process.exitCode = 2
}
