import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { projectFolder, smallConfig, spawnCli, temporaryFolder } from './cli.test-helper.ts'

const patience = 60_000
const checkpoints = join('runs', 'translation', 'checkpoints')

/** Everything that training computes: the model, and the last state of weights and optimizer. */
async function readResults(folder: string): Promise<Record<string, string>> {
  const latest = (await readFile(join(folder, checkpoints, 'latest'), 'utf8')).trim()
  const files = {
    model: join('runs', 'translation', 'model.safetensors'),
    weights: join(checkpoints, latest, 'weights.safetensors'),
    optimizer: join(checkpoints, latest, 'optimizer.safetensors'),
  }
  const entries = await Promise.all(
    Object.entries(files).map(async ([name, file]) => [
      name,
      (await readFile(join(folder, file))).toString('base64'),
    ]),
  )
  return {
    step: /^step-0*(\d+)/.exec(latest)![1]!,
    ...(Object.fromEntries(entries) as Record<string, string>),
  }
}

/** Waits until the folder has a checkpoint of `step` or a later one. */
async function waitForStep(folder: string, step: number): Promise<void> {
  for (;;) {
    const names = await readdir(join(folder, checkpoints)).catch(() => [])
    if (names.some((name) => Number(/^step-(\d+)/.exec(name)?.[1]) >= step)) return
    await wait(5)
  }
}

test(
  'killed at any moment, a run that goes on ends with the very same bytes',
  { timeout: patience },
  async () => {
    const change = { trainer: { ...smallConfig.trainer, steps: 40, evaluateEvery: 7, checkpointEvery: 1 } }
    const whole = await projectFolder(change)
    const killed = await projectFolder(change)
    const [straight] = await Promise.all([
      spawnCli(['train'], { cwd: whole }).finished,
      (async () => {
        // Without waiting between them, kills also hit the writing of checkpoints.
        for (const [attempt, step] of [1, 9, 20, 31].entries()) {
          const { process, finished } = spawnCli(['train', ...(attempt === 0 ? [] : ['--resume'])], {
            cwd: killed,
          })
          await waitForStep(killed, step)
          process.kill('SIGKILL')
          expect((await finished).exitCode).toBeNull()
        }
      })(),
    ])
    expect(straight).toMatchObject({ exitCode: 0, stderr: '' })
    const last = await spawnCli(['train', '--resume'], { cwd: killed }).finished
    expect(last).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await readResults(killed)).toEqual(await readResults(whole))
    const log = (await readFile(join(killed, 'runs', 'translation', 'log.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
    const numbers = log.map((line) => (JSON.parse(line) as { readonly sequence: number }).sequence)
    expect(numbers).toEqual(numbers.map((_, index) => index))
  },
)

test('Ctrl-C finishes the step, saves, and says how to go on', { timeout: patience }, async () => {
  const change = {
    trainer: { ...smallConfig.trainer, steps: 100_000, evaluateEvery: 100_000, checkpointEvery: 5 },
  }
  const folder = await projectFolder(change)
  const { process, finished } = spawnCli(['train', '--seed', '3'], { cwd: folder })
  await waitForStep(folder, 5)
  process.kill('SIGINT')
  const { exitCode, stdout, stderr } = await finished
  expect(stderr).toContain('Finishing this step, then saving; press Ctrl-C again to stop at once.')
  expect(stdout).toContain('Saved. To go on: qkv train --resume --seed 3')
  expect(exitCode).toBe(130)
  const step = Number(/interrupted: ([\d,]+) steps/.exec(stdout)![1]!.replaceAll(',', ''))
  expect(await readResultsStep(folder)).toBe(step)
})

async function readResultsStep(folder: string): Promise<number> {
  const latest = (await readFile(join(folder, checkpoints, 'latest'), 'utf8')).trim()
  return Number(/^step-(\d+)/.exec(latest)![1])
}

test('errors reach the shell: one sentence on stderr, and the exit code', { timeout: patience }, async () => {
  const folder = await temporaryFolder()
  const [usage, work, verbose] = await Promise.all(
    [
      ['trian'],
      ['translate', '--model', 'nothing', '你'],
      ['translate', '--model', 'nothing', '--verbose', '你'],
    ].map((rawArguments) => spawnCli(rawArguments, { cwd: folder }).finished),
  )
  expect(usage).toMatchObject({ exitCode: 2, stdout: '' })
  expect(usage!.stderr).toMatch(/^error qkv: 'trian' is no command.*\n$/)
  expect(work).toMatchObject({ exitCode: 1, stdout: '' })
  expect(work!.stderr).toMatch(
    /^error model: 'nothing|^error model: '.*nothing' has no readable config\.json.*\n$/,
  )
  expect(verbose!.stderr).toContain('    at ')
})

test('output that cannot be written is a failure', { timeout: patience }, async () => {
  const full = await open('/dev/full', 'w')
  try {
    const { finished } = spawnCli(['doctor'], { cwd: await temporaryFolder(), stdout: full.fd })
    const { exitCode, stderr } = await finished
    expect(stderr).toMatch(/^error .*ENOSPC\): the disk is full.*\n$/)
    expect(exitCode).toBe(1)
  } finally {
    await full.close()
  }
})
