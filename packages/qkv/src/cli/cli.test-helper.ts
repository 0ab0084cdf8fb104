import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Io } from './io.ts'
import { run } from './run.ts'

export interface Finished {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly stdin?: Iterable<string | Uint8Array>
  readonly env?: Readonly<Record<string, string>>
}

/** Runs the command in this process, with streams of its own. */
export async function runCli(
  rawArguments: readonly string[],
  { cwd, stdin = [], env = {} }: RunOptions,
): Promise<Finished> {
  const written = { stdout: '', stderr: '' }
  const outputTo = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
    write: (text) => void (written[name] += text),
  })
  const io: Io = {
    stdin: (async function* () {
      yield* stdin
    })(),
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    env,
    cwd,
    onInterrupt: () => () => {},
  }
  return { exitCode: await run(rawArguments, io), ...written }
}

/** Runs TypeScript: the sources of all packages, as the tests do, so that no build is needed. */
const typescriptRunner = join(dirname(createRequire(import.meta.url).resolve('jiti')), 'jiti-cli.mjs')
const entry = fileURLToPath(new URL('main.ts', import.meta.url))
const packagesFolder = fileURLToPath(new URL('../../..', import.meta.url))

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, { readonly '@qkv/source'?: string } | string>>
}

/** Where the sources of each package begin: what the export condition `@qkv/source` says. */
function sourceEntries(): Record<string, string> {
  const manifests = readdirSync(packagesFolder).map((folder) => {
    const path = join(packagesFolder, folder)
    return { path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest }
  })
  const entries = manifests.flatMap(({ path, manifest }) =>
    Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      const source = typeof target === 'string' ? undefined : target['@qkv/source']
      return source === undefined ? [] : [[manifest.name + subpath.slice(1), join(path, source)] as const]
    }),
  )
  return Object.fromEntries(entries)
}

export interface Spawned {
  readonly process: ChildProcess
  readonly finished: Promise<Finished>
}

export interface SpawnOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** An open file to write to; otherwise the output is given back. */
  readonly stdout?: number
}

/** Runs the command as a process of its own, on the sources. */
export function spawnCli(
  rawArguments: readonly string[],
  { cwd, env = {}, stdout = -1 }: SpawnOptions,
): Spawned {
  const child = spawn(process.execPath, [typescriptRunner, entry, ...rawArguments], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', JITI_ALIAS: JSON.stringify(sourceEntries()), ...env },
    stdio: ['ignore', stdout === -1 ? 'pipe' : stdout, 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => void (written.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => void (written.stderr += chunk.toString()))
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ exitCode, ...written }))
  })
  return { process: child, finished }
}

/** An empty folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'qkv-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A package `qkv-backend-<name>` in a project, as npm would leave it there; `exports` is what its manifest says. */
export async function installBackend(
  folder: string,
  name: string,
  source: string,
  exports: unknown = './index.js',
): Promise<void> {
  const home = join(folder, 'node_modules', `qkv-backend-${name}`)
  await mkdir(home, { recursive: true })
  const manifest = { name: `qkv-backend-${name}`, type: 'module', exports }
  await writeFile(join(home, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(home, 'index.js'), source)
}

const subjects = { 我: 'I', 你: 'you', 他: 'he', 她: 'she', 我们: 'we' } as const
const verbs = { 爱: 'love', 看: 'see', 听: 'hear', 要: 'want' } as const
const objects = { 你: 'you', 茶: 'tea', 书: 'books', 花: 'flowers' } as const

/** Eighty small sentence pairs, one per line. */
export const smallCorpus: string = Object.entries(subjects)
  .flatMap(([subject, who]) =>
    Object.entries(verbs).flatMap(([verb, does]) =>
      Object.entries(objects).map(([object, what]) => `${subject}${verb}${object}\t${who} ${does} ${what}\n`),
    ),
  )
  .join('')

/** A config that trains in a second. */
export const smallConfig = {
  data: { train: 'train.tsv', validation: 8, test: 'train.tsv' },
  tokenizer: { type: 'byte-level-bpe', vocabularySize: 300 },
  model: {
    type: 'transformer',
    width: 16,
    heads: 2,
    encoderLayers: 1,
    decoderLayers: 1,
    innerWidth: 16,
    dropout: 0.1,
    maximumLength: 32,
  },
  trainer: {
    learningRate: 0.01,
    warmup: 5,
    tokensPerBatch: 128,
    steps: 6,
    evaluateEvery: 3,
    checkpointEvery: 2,
    translatedPairs: 4,
  },
  generation: { beams: 2, maximumTokens: 8 },
} as const

/** A new folder with a corpus and a config for it; `change` is laid over the config. It stays. */
export async function makeProject(change: object, corpus: string = smallCorpus): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'qkv-test-'))
  await writeFile(join(folder, 'train.tsv'), corpus)
  await writeFile(join(folder, 'qkv.config.json'), JSON.stringify({ ...smallConfig, ...change }))
  return folder
}

/** The same, which goes away with the test. */
export async function projectFolder(change: object = {}, corpus?: string): Promise<string> {
  const folder = await makeProject(change, corpus)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
