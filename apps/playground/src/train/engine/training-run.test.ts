import { cpu } from '@qkv/backend-cpu'
import { openDevice } from '@qkv/tensor'
import { expect, test, vi } from 'vitest'
import { defaultsOf } from '../settings/settings.ts'
import type { RunUpdate } from './run-updates.ts'
import type { SavedRun, SavedRuns } from './saved-runs.ts'
import { TrainingRun } from './training-run.ts'

const settings = { ...defaultsOf('sort'), width: 16, heads: 2, layers: 1, longest: 5, steps: 70, seed: 5 }
const never = { aborted: false }

/** As a browser does, it keeps a copy. */
function savedRunsInMemory(): SavedRuns & { latest: SavedRun | undefined } {
  return {
    latest: undefined,
    async save(run) {
      this.latest = structuredClone(run)
    },
    async load() {
      return this.latest
    },
    async discard() {
      this.latest = undefined
    },
  }
}

async function withRun<Result>(
  parts: { saved?: SavedRun | undefined; savedRuns?: SavedRuns; updates?: RunUpdate[] },
  use: (run: TrainingRun) => Promise<Result>,
): Promise<Result> {
  const { saved, savedRuns = savedRunsInMemory(), updates = [] } = parts
  const device = await openDevice({ backend: 'cpu', plugins: [cpu({ threads: 1 })] })
  const onUpdate = (update: RunUpdate): void => void updates.push(update)
  const run = new TrainingRun(settings, { device, saved, savedRuns, onUpdate })
  try {
    await run.open()
    return await use(run)
  } finally {
    run.dispose()
    await device.dispose()
  }
}

async function outcomeOf(run: TrainingRun): Promise<unknown> {
  const weights = await run.between(() => run.translator.model.readState())
  const bytes = [...weights].map(([name, { data }]) => [
    name,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  ])
  return { bytes, history: run.history }
}

// Trainings take a while where the machine has other work.
vi.setConfig({ testTimeout: 120_000 })

const whole = withRun({}, async (run) => {
  await run.train(never)
  return outcomeOf(run)
})

test('pauses, single steps, looks and reloads change no bit', async () => {
  const savedRuns = savedRunsInMemory()
  await withRun({ savedRuns }, async (run) => {
    await run.trainOneStep()
    await run.trainOneStep()
    expect(run.step).toBe(2)
    let asked = 0
    await run.train({
      get aborted() {
        // Each question is answered between two steps.
        if (run.step % 5 === 0) void run.between(() => run.translator.translate(['4321'])).then(() => asked++)
        return run.step >= 23
      },
    })
    expect(asked).toBeGreaterThan(2)
  })
  expect(savedRuns.latest?.snapshot.state.step).toBe(23)
  const outcome = await withRun({ savedRuns, saved: await savedRuns.load() }, async (run) => {
    expect(run.step).toBe(23)
    expect(await run.train(never)).toBe('finished')
    return outcomeOf(run)
  })
  expect(outcome).toEqual(await whole)
})

test('a save that is refused is told of, and changes nothing', async () => {
  const updates: RunUpdate[] = []
  const savedRuns: SavedRuns = {
    ...savedRunsInMemory(),
    save: async () => {
      throw new Error('The disk is full.')
    },
  }
  const outcome = await withRun({ savedRuns, updates }, async (run) => {
    await run.train(never)
    return outcomeOf(run)
  })
  expect(outcome).toEqual(await whole)
  expect(updates).toContainEqual({ type: 'not-saved', reason: 'The disk is full.' })
  expect(updates.some(({ type }) => type === 'saved')).toBe(false)
})

test('updates tell every loss once, and of looks at the start and at each evaluation', async () => {
  const updates: RunUpdate[] = []
  const { losses } = await withRun({ updates }, async (run) => {
    await run.train(never)
    return run.history
  })
  expect(updates.flatMap((update) => (update.type === 'progress' ? update.newLosses : []))).toEqual(losses)
  expect(losses).toHaveLength(70)
  const looks = updates.flatMap((update) => (update.type === 'look' ? [update.look] : []))
  expect(looks.map(({ step }) => step)).toEqual([0, 50, 70])
  for (const { attention } of looks) {
    if (typeof attention === 'string') throw new Error(attention)
    const columns = attention.source.length
    for (const weights of attention.weights.flat()) {
      expect(weights).toHaveLength(attention.target.length * columns)
      for (let row = 0; row < attention.target.length; row += 1) {
        let sum = 0
        for (let column = 0; column < columns; column += 1) sum += weights[row * columns + column]!
        expect(sum).toBeCloseTo(1, 5)
      }
    }
  }
})
