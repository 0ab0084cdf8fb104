// Compiles assembly/ into src/generated/builds.ts, once with fused multiplications and additions, once without, and writes what the
// modules export as a type to src/generated/exports.ts.
// Does nothing when they were made from the same sources. The tests call it too, before they run.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'src/generated')
const output = join(folder, 'builds.ts')
const flags =
  '--runtime stub --noAssert -O3 --importMemory --initialMemory 1 --maximumMemory 65536 --enable simd --enable threads'.split(
    ' ',
  )

/** Brings src/generated/builds.ts up to date with assembly/. */
async function buildAssembly() {
  const hash = hashOfSources()
  if (existsSync(output) && readFileSync(output, 'utf8').startsWith(`// ${hash}`)) return
  const plain = await compile([])
  const relaxed = await compile(['--enable', 'relaxed-simd'])
  const text = [
    `// ${hash}`,
    '// Made from assembly/ by scripts/build-assembly.mjs.',
    ...declaration('plainBuild', plain),
    ...declaration('relaxedBuild', relaxed),
  ]
  mkdirSync(folder, { recursive: true })
  writeWhole(join(folder, 'exports.ts'), interfaceOf(plain.declarations))
  writeWhole(output, text)
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

function declaration(name, { bytes, sharedFlag }) {
  return [
    '',
    `/** ${bytes.length} bytes */`,
    `export const ${name}: { readonly base64: string; readonly sharedFlag: number } = {`,
    `  sharedFlag: ${sharedFlag},`,
    `  base64: '${bytes.toString('base64')}',`,
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
