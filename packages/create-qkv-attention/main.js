#!/usr/bin/env node
// npm create qkv-attention my-attention
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyTemplate, nextSteps, TemplateError } from './copy-template.js'
import { factoryName } from './factory-name.js'

const usage = 'Write: npm create qkv-attention my-attention'

function create([name, folder, ...rest]) {
  if (name === undefined || name === '--help' || name === '-h') throw new TemplateError(usage)
  const template = fileURLToPath(new URL('template', import.meta.url))
  const factory = factoryName([name, ...rest].join(' '), template, usage)
  const target = resolve(folder ?? name)
  const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
  copyTemplate(template, target, {
    'PART-NAME': name,
    partFactory: factory,
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
