// Packs every public package into a folder, as npm would publish it: what to install before they are published.
//   npm run pack -- ../qkv-packages
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))

/** The trained models are packages, too. */
const models = ['zh-en', 'en-zh'].map((name) => join(root, 'apps/translation-demo/models', name))

/** Writes a tarball of each package, and returns their names. Throws when one cannot be packed. */
export function packAll(folder) {
  mkdirSync(folder, { recursive: true })
  return [...packages, ...models].map((cwd) => {
    const { status, stdout, stderr } = spawnSync('pnpm', ['pack', '--json', '--pack-destination', folder], {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (status !== 0) throw new Error(`${cwd} could not be packed: ${stdout}${stderr}`)
    return basename(JSON.parse(stdout).filename)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(root, process.argv[2] ?? '../qkv-packages')
  const names = packAll(folder)
  console.log(`Packed ${names.length} packages. To have them in a project:\n\n  npm install ${folder}/*.tgz`)
}
