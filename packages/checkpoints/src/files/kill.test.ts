// Writers are killed in the middle of their work, as other processes: they run the compiled package.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readLatestCheckpoint } from './read-checkpoint.ts'
import { writeCheckpoint } from './write-checkpoint.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const KILLS = 15
const LONGEST_LIFE = 80

const ATOMIC_WRITER = `
  import { writeFileAtomically } from './compiled/files/index.js'
  for (let round = 1; ; round += 1) {
    const piece = new Uint8Array(100_000 + (round % 7)).fill(round % 251)
    await writeFileAtomically(process.argv[2], Array(10).fill(piece))
    if (round === 1) console.log('ready')
  }
`
const CHECKPOINT_WRITER = `
  import { readLatestCheckpoint, writeCheckpoint } from './compiled/files/index.js'
  const folder = process.argv[2]
  for (let step = 1 + ((await readLatestCheckpoint(folder))?.step ?? 0); ; step += 1) {
    const weight = { dtype: 'float32', shape: [50_000], data: new Float32Array(50_000).fill(step) }
    await writeCheckpoint(folder, { step, arrays: { weights: [['weight', weight]] }, state: { step } }, { keep: 2 })
    console.log(step)
  }
`
const LIMITED_WRITER = `
  import { writeFileAtomically } from './compiled/files/index.js'
  await writeFileAtomically(process.argv[2], new Uint8Array(1_000_000)).catch((error) => console.log(error.message))
`

let work: string
let target: string

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'qkv-kill-'))
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  const options = ['-p', 'tsconfig.build.json', '--outDir', join(work, 'compiled')]
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), ...options], { cwd: packageFolder })
  await writeFile(join(work, 'package.json'), '{ "type": "module" }')
  await writeFile(join(work, 'atomic-writer.js'), ATOMIC_WRITER)
  await writeFile(join(work, 'checkpoint-writer.js'), CHECKPOINT_WRITER)
  await writeFile(join(work, 'limited-writer.js'), LIMITED_WRITER)
}, 60_000)
afterAll(() => rm(work, { recursive: true, force: true }))
beforeEach(async () => {
  target = join(work, `target-${process.hrtime.bigint()}`)
  await mkdir(target)
})

/** Starts a writer, waits until it has written once, lets it live for a while, and kills it; gives what it printed. */
async function runAndKill(script: string, argument: string, life: number): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [join(work, script), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout?.on('data', (piece: Buffer) => (printed += piece.toString()))
  if (child.stdout !== null) await once(child.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, life))
  child.kill('SIGKILL')
  await once(child, 'close')
  return printed
}

describe('kill -9', () => {
  it('leaves the old file or the new one, whole', async () => {
    const path = join(target, 'weights.bin')
    const seen = new Set<number>()
    let leftovers = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      await runAndKill('atomic-writer.js', path, (LONGEST_LIFE * kill) / KILLS)
      const bytes = await readFile(path)
      const value = bytes[0]!
      expect(bytes.every((byte) => byte === value)).toBe(true)
      expect([...Array(7).keys()].map((extra) => 10 * (100_000 + extra))).toContain(bytes.length)
      seen.add(value)
      leftovers += (await readdir(target)).length - 1
    }
    // Otherwise the writers were not killed at work, and this shows nothing.
    expect(seen.size).toBeGreaterThan(1)
    expect(leftovers).toBeGreaterThan(0)
    await writeFileAtomically(path, Uint8Array.of(1))
    expect(await readdir(target)).toEqual(['weights.bin'])
  }, 60_000)

  it('loses no finished checkpoint, and the next run goes on from it', async () => {
    let reached = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      const printed = await runAndKill('checkpoint-writer.js', target, (LONGEST_LIFE * kill) / KILLS)
      const finished = Number(printed.trimEnd().split('\n').at(-1))
      const latest = await readLatestCheckpoint(target)
      expect(latest?.skipped).toEqual([])
      expect(finished).toBeGreaterThan(reached)
      expect(latest?.step).toBeGreaterThanOrEqual(finished)
      expect(latest?.state).toEqual({ step: latest?.step })
      const weight = latest?.arrays.get('weights')?.get('weight')?.data as Float32Array
      expect(weight.length === 50_000 && weight.every((value) => value === latest?.step)).toBe(true)
      reached = finished
    }
    const { path } = await writeCheckpoint(target, { step: 1e6, arrays: {}, state: null }, { keep: 1 })
    expect((await readdir(target)).map((name) => join(target, name)).toSorted()).toEqual([
      join(target, 'latest'),
      path,
    ])
  }, 60_000)
})

it.skipIf(process.platform === 'win32')(
  'a file that the system cuts off in the middle is not kept (needs ulimit)',
  async () => {
    const path = join(target, 'weights.bin')
    await writeFile(path, 'old')
    const command = `ulimit -f 64; exec "${process.execPath}" "${join(work, 'limited-writer.js')}" "${path}"`
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
    expect(stdout).toContain(
      `${path} could not be written: the file is larger than the system allows (EFBIG)`,
    )
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(target)).toEqual(['weights.bin'])
  },
)
