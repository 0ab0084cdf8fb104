// A training that is killed again and again, as another process: it runs the compiled packages.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readLatestCheckpoint } from '@qkv/checkpoints/files'
import { afterAll, beforeAll, expect, test } from 'vitest'

const packagesFolder = fileURLToPath(new URL('../../..', import.meta.url))
const STEPS = 90
const FEWEST_KILLS = 6

const TRAINING = `
  import { readLatestCheckpoint, writeCheckpoint } from '@qkv/checkpoints/files'
  import { Dropout, Linear, Sequential } from '@qkv/nn'
  import { createReferenceBackend, Device, mean, RandomStream, square, sub } from '@qkv/tensor'
  import { AdamW, schedules, Trainer } from '@qkv/trainer'

  const folder = process.argv[2]
  const store = {
    save: ({ arrays, state }) => writeCheckpoint(folder, { step: state.step, arrays, state }, { keep: 2 }),
    async load() {
      const latest = await readLatestCheckpoint(folder)
      return latest && { arrays: Object.fromEntries(latest.arrays), state: latest.state }
    },
  }
  const device = new Device(createReferenceBackend())
  const initialization = { device, random: new RandomStream(1) }
  const model = new Sequential([
    new Linear(initialization, { inputSize: 8, outputSize: 32 }),
    new Dropout({ rate: 0.3 }),
    new Linear(initialization, { inputSize: 32, outputSize: 1 }),
  ])
  const trainer = new Trainer({
    model,
    optimizer: new AdamW(model.parameters()),
    schedule: schedules.cosine({ learningRate: 0.01, warmup: 10, steps: ${STEPS} }),
    batches: {
      batchesPerEpoch: 7,
      *batches({ epoch, batch }) {
        for (;;) {
          const x = Array.from({ length: 4 }, (_, row) =>
            Array.from({ length: 8 }, (_, column) => Math.sin(epoch + 13 * batch + 5 * row + column)))
          const next = batch === 6 ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 }
          yield { x, next }
          ;({ epoch, batch } = next)
        }
      },
    },
    lossOf({ x }) {
      const target = device.tensor(x.map((row) => [row[0] * row[1]]))
      return { loss: mean(square(sub(model.forward(device.tensor(x)), target))), tokens: x.length }
    },
    random: new RandomStream(2),
    steps: ${STEPS},
    accumulate: 2,
    checkpoint: { every: 3, store },
  })
  await trainer.resume()
  trainer.on('checkpoint', ({ step }) => console.log(step))
  await trainer.run()
`

let work: string

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'qkv-trainer-kill-'))
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  for (const name of ['tensor', 'nn', 'checkpoints', 'trainer']) {
    const source = join(packagesFolder, name)
    const target = join(work, 'node_modules', '@qkv', name)
    await mkdir(target, { recursive: true })
    await copyFile(join(source, 'package.json'), join(target, 'package.json'))
    const options = ['-p', 'tsconfig.build.json', '--noCheck']
    const compiler = join(typescript, 'bin', 'tsc')
    execFileSync(process.execPath, [compiler, ...options, '--outDir', join(target, 'dist')], { cwd: source })
  }
  await writeFile(join(work, 'package.json'), '{ "type": "module" }')
  await writeFile(join(work, 'training.js'), TRAINING)
}, 120_000)
afterAll(() => rm(work, { recursive: true, force: true }))

/** Lets a training run until it ends, or for some milliseconds after its first checkpoint; gives the last one's step. */
async function train(folder: string, life: number): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [join(work, 'training.js'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout?.on('data', (piece: { toString(): string }) => {
    if (printed === '' && life < Infinity) setTimeout(() => child.kill('SIGKILL'), life)
    printed += piece.toString()
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect(signal ?? code).toBe(life < Infinity && signal !== null ? 'SIGKILL' : 0)
  return Number(printed.trimEnd().split('\n').at(-1))
}

test('a training that is killed at any moment ends with the weights of one that is not', async () => {
  const straight = join(work, 'straight')
  const killed = join(work, 'killed')
  expect(await train(straight, Infinity)).toBe(STEPS)
  const reached: number[] = []
  while (reached.at(-1) !== STEPS) reached.push(await train(killed, Math.random() * 60))
  expect(reached.length).toBeGreaterThan(FEWEST_KILLS)
  expect(reached).toEqual(reached.toSorted((first, second) => first - second))
  const [expected, found] = [await readLatestCheckpoint(straight), await readLatestCheckpoint(killed)]
  expect(found?.arrays).toEqual(expected?.arrays)
  expect(found?.arrays.get('weights')?.size).toBe(4)
  expect(found?.state).toMatchObject({ step: STEPS, position: { epoch: 25, batch: 5 } })
}, 120_000)
