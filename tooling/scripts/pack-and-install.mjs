// Packs every public package, installs the tarballs with npm in an empty folder, and runs a program there that
// imports all of them: what users install is what is tested. A backend of somebody else is made and used there, too.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPlugin } from '../new/new.mjs'
import { packAll } from './pack.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = mkdtempSync(join(tmpdir(), 'qkv-install-'))

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  console.error(stdout, stderr)
  console.error(`Failed: ${command} ${args.join(' ')}. The folder is kept for a look: ${folder}`)
  process.exit(1)
}

const manifests = readdirSync(join(root, 'packages')).map((name) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
)

const tarballs = packAll(folder)
writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts']
run('npm', ['install', ...flags, ...tarballs.map((name) => `./${name}`)], folder)

const entries = manifests.flatMap((manifest) =>
  Object.entries(manifest.exports)
    .filter(([, entry]) => typeof entry === 'object')
    .map(([entry]) => entry)
    .map((entry) => manifest.name + entry.slice(1)),
)
const program = `${entries.map((entry) => `await import('${entry}')`).join('\n')}
import { cpu } from '@qkv/backend-cpu'
import { matmul, openDevice } from '@qkv/tensor'
const device = await openDevice({ backend: cpu() })
const x = device.tensor([[1, 2], [3, 4]])
console.log(String(await matmul(x, x).read()))
`
writeFileSync(join(folder, 'program.js'), program)
const printed = run('node', ['program.js'], folder).trim()
if (printed !== '7,10,15,22') {
  console.error(
    `The installed packages computed ${printed}, expected 7,10,15,22. The folder is kept: ${folder}`,
  )
  process.exit(1)
}
const command = run('npx', ['qkv', '--help'], folder)
if (!command.includes('translate')) {
  console.error(`The installed command printed no help: ${command}`)
  process.exit(1)
}
for (const [from, to, text, wanted] of [
  ['zh', 'en', '机器学习', 'machine learning'],
  ['en', 'zh', 'machine learning', '机器学习'],
]) {
  const got = run('npx', ['qkv', 'translate', '--from', from, '--to', to, text], folder).trim()
  if (got.toLowerCase().replace(/[.。]$/, '') === wanted) continue
  console.error(`The installed model translated '${text}' as '${got}', expected '${wanted}'.`)
  process.exit(1)
}

// The walk of docs/contributing/add-a-backend.md, outside of the repository: made, tested, installed, found by name, trained with.
const backend = join(folder, 'qkv-backend-metal')
createPlugin({ kind: 'backend', name: 'metal', folder: backend })
const tensor = tarballs.find((name) => name.startsWith('qkv-tensor-'))
run('npm', ['install', ...flags, '--no-save', join(folder, tensor)], backend)
run('npm', ['test'], backend)
run('npm', ['install', ...flags, '--install-links', './qkv-backend-metal'], folder)
run('npx', ['qkv', 'init', '--backend', 'metal,cpu'], folder)
const { selection } = JSON.parse(run('npx', ['qkv', 'doctor', '--json'], folder))
if (selection.chosen !== 'metal') {
  console.error(`The backend of another package was not taken: ${JSON.stringify(selection)}`)
  process.exit(1)
}
run('npx', ['qkv', 'train', '--steps', '2'], folder)

// The walk of docs/contributing/add-an-attention-part.md, outside of the repository: made, tested, packed, installed, named in a
// config, trained with, listed.
const part = join(folder, 'my-attention')
run('npx', ['create-qkv-attention', 'my-attention'], folder)
run('npm', ['install', ...flags, '--no-save', ...tarballs.map((name) => join(folder, name))], part)
const tested = run('npm', ['test'], part)
if (!/my-attention: cpu agrees with the reference/.test(tested)) {
  console.error(`The part was not tested on the backend cpu: ${tested}`)
  process.exit(1)
}
run('npm', ['pack', '--pack-destination', folder], part)
run('npm', ['install', ...flags, './my-attention-0.0.0.tgz'], folder)
const config = join(folder, 'qkv.config.ts')
const written = readFileSync(config, 'utf8')
writeFileSync(
  config,
  `import { myAttention } from 'my-attention'\n${written}`
    .replace('export default defineConfig({', 'export default defineConfig({\n  plugins: [myAttention],')
    .replace("['scaled-dot', 'sinusoidal']", "['scaled-dot', 'sinusoidal', 'my-attention']"),
)
run('npx', ['qkv', 'train', '--backend', 'cpu', '--steps', '2', '--output', 'runs/mine'], folder)
const [listed] = JSON.parse(run('npx', ['qkv', 'parts', '--json', '--backend', 'cpu'], folder))
if (listed.name !== 'my-attention' || listed.from !== 'plugin') {
  console.error(`The part of another package was not listed: ${JSON.stringify(listed)}`)
  process.exit(1)
}

const size = (name) => (statSync(join(folder, name)).size / 1024).toFixed(0).padStart(5)
console.log(`${entries.length} entries of ${tarballs.length} packages import and run. Packed sizes in kB:`)
for (const name of tarballs) console.log(`${size(name)}  ${name}`)
rmSync(folder, { recursive: true })
