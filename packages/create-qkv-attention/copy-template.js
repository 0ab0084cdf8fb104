import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** npm changes files of these names in packages, or looks into them: templates have them under others. */
const names = { _gitignore: '.gitignore', '_package.json': 'package.json' }

export class TemplateError extends Error {}

export function copyTemplate(template, target, values) {
  if (existsSync(target)) {
    throw new TemplateError(`${target} is there already. Name another folder, or remove that one.`)
  }
  cpSync(template, target, { recursive: true })
  const filled = (text) =>
    Object.entries(values).reduce((text, [placeholder, value]) => text.replaceAll(placeholder, value), text)
  const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name)
    writeFileSync(path, filled(readFileSync(path, 'utf8')))
    const renamed = filled(names[name] ?? name)
    if (renamed !== name) renameSync(path, join(parentPath, renamed))
  }
}

export function nextSteps({ folder, version, needed = '' }) {
  if (version !== '0.0.0') return `Next:\n\n  cd ${folder}\n  npm install\n  npm test`
  const packed = resolve('../qkv-packages')
  const steps = [
    `npm run pack -- ${packed}    # in the repository of qkv`,
    `cd ${folder}`,
    `npm install --no-save ${join(packed, `${needed}*.tgz`)}`,
    'npm test',
  ]
  return `Next, until qkv is on npm:\n\n  ${steps.join('\n  ')}\n\nOnce it is, \`npm install\` is enough before \`npm test\`.`
}
