// Compiles assembly/ into src/generated/relaxed-build.ts with fused multiplications and additions, and into plain-build.ts without,
// two modules because a page loads only the one that it runs. What both export is written as a type to src/generated/exports.ts.
// Does nothing when they were made from the same sources. The tests call it too, before they run.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'src/generated')
const builds = { plain: [], relaxed: ['--enable', 'relaxed-simd'] }
const flags =
  '--runtime stub --noAssert -O3 --importMemory --initialMemory 1 --maximumMemory 65536 --enable simd --enable threads'.split(
    ' ',
  )

/** Brings src/generated/ up to date with assembly/. */
async function buildAssembly() {
  const hash = hashOfSources()
  const names = Object.keys(builds)
  if (names.every((name) => startsWith(fileOf(name), `// ${hash}`))) return
  mkdirSync(folder, { recursive: true })
  for (const name of names) {
    const compiled = await compile(builds[name])
    writeWhole(join(folder, 'exports.ts'), interfaceOf(compiled.declarations))
    writeWhole(fileOf(name), moduleOf(name, compiled, hash))
  }
}

function fileOf(name) {
  return join(folder, `${name}-build.ts`)
}

function startsWith(path, line) {
  return existsSync(path) && readFileSync(path, 'utf8').startsWith(line)
}

/** Renamed into place: whoever reads at the same time finds a whole file. */
function writeWhole(path, lines) {
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, `${lines.join('\n')}\n`)
  renameSync(unfinished, path)
}

/** The functions that the compiler declares, as members of an interface. */
function interfaceOf(declarations) {
  return [
    '// Made from assembly/ by scripts/build-assembly.mjs.',
    '',
    '/** Addresses and strides are in bytes, and read as unsigned. */',
    'export interface WasmExports {',
    ...[...declarations.matchAll(/^ *export function (.*);$/gm)].map(([, signature]) => `  ${signature}`),
    '}',
  ]
}

function hashOfSources() {
  const hash = createHash('sha256')
  const names = readdirSync(join(root, 'assembly'), { recursive: true }).filter((name) =>
    name.endsWith('.ts'),
  )
  for (const name of names.toSorted()) hash.update(name).update(readFileSync(join(root, 'assembly', name)))
  return hash.update(readFileSync(fileURLToPath(import.meta.url))).digest('hex')
}

function moduleOf(name, { bytes, sharedFlag }, hash) {
  return [
    `// ${hash}`,
    '// Made from assembly/ by scripts/build-assembly.mjs.',
    '',
    `/** ${bytes.length} bytes */`,
    `export const ${name}Build: { readonly hex: string; readonly sharedFlag: number } = {`,
    `  sharedFlag: ${sharedFlag},`,
    // Compression of web servers finds repetitions among whole bytes, which base64 hides: a fifth less is sent.
    `  hex: '${bytes.toString('hex')}',`,
    '}',
  ]
}

/** The module for a memory of its own, and the place of the byte that says whether the memory is shared. */
async function compile(extra) {
  const [own, shared] = [await run(extra), await run([...extra, '--sharedMemory'])]
  const different = [...own.bytes.keys()].filter((index) => own.bytes[index] !== shared.bytes[index])
  if (own.bytes.length !== shared.bytes.length || different.length !== 1 || shared.bytes[different[0]] !== 3)
    throw new Error('The modules for shared and for other memory differ in more than the flag of the import.')
  return { bytes: own.bytes, declarations: own.declarations, sharedFlag: different[0] }
}

async function run(extra) {
  const { main } = await import('assemblyscript/asc')
  const written = {}
  const { error, stderr } = await main(
    ['assembly/index.ts', '--outFile', 'kernels.wasm', '--bindings', 'raw', ...flags, ...extra],
    {
      readFile: (name) => {
        const path = join(root, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      listFiles: () => [],
      writeFile: (name, content) => {
        written[name] = content
      },
    },
  )
  if (error) throw new Error(`assembly/ does not compile.\n${stderr.toString()}`, { cause: error })
  return { bytes: Buffer.from(written['kernels.wasm']), declarations: written['kernels.d.ts'] }
}

await buildAssembly()
