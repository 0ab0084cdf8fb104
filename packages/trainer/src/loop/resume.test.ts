import { createCpuBackend } from '@qkv/backend-cpu'
import { createReferenceBackend, Device } from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import {
  Lion,
  lossEvaluator,
  schedules,
  type StoredSnapshot,
  Trainer,
  type TrainerEvent,
  type TrainerOptions,
} from '../index.ts'
import {
  tinyBatch,
  type TinyBatch,
  tinyLoss,
  type TinyModel,
  tinyTraining,
  weightsOf,
} from '../tiny-model.test-helper.ts'
import { MemoryStore } from './memory-store.test-helper.ts'

type Settings = Partial<TrainerOptions<TinyBatch, TinyModel>>

interface Outcome {
  readonly weights: Record<string, number[]>
  readonly losses: readonly number[]
  readonly state: unknown
}

/** A training made anew, as another process would, that takes up what the store has. */
async function trainTo(
  steps: number,
  store: MemoryStore,
  device: Device,
  settings: Settings,
): Promise<Outcome> {
  const training = { ...tinyTraining({ rate: 0.4, device }), ...settings }
  const trainer = new Trainer({ ...training, steps, checkpoint: { every: 4, store } })
  await trainer.resume()
  const losses: number[] = []
  trainer.on('step', ({ loss }) => void losses.push(loss))
  await trainer.run()
  // Times differ between any two runs, and so may the number of the next event.
  const { seconds: _seconds, sequence: _sequence, ...state } = store.saved.at(-1)!.state
  return { weights: await weightsOf(training.model), losses, state }
}

describe.each([
  ['reference', createReferenceBackend],
  ['cpu', createCpuBackend],
])('on %s, 11 steps and 9 more in a new process are 20 steps bit by bit', (_name, create) => {
  const evaluator = lossEvaluator({ batches: () => [tinyBatch({ epoch: 9, batch: 1 })], lossOf: tinyLoss })
  test.each<[string, Settings]>([
    ['with dropout', {}],
    ['with accumulation and clipping', { accumulate: 3, clipNorm: 0.2 }],
    [
      'with evaluations in between',
      { evaluate: { every: 11, evaluator }, earlyStopping: { metric: 'loss', patience: 50 } },
    ],
  ])('%s', async (_label, settings) => {
    const device = (): Device => new Device(create())
    const straight = await trainTo(20, new MemoryStore(), device(), settings)
    const store = new MemoryStore()
    const first = await trainTo(11, store, device(), settings)
    const second = await trainTo(20, store, device(), settings)
    expect(second.weights).toEqual(straight.weights)
    expect([...first.losses, ...second.losses]).toEqual(straight.losses)
    expect(straight.losses).toHaveLength(20)
    expect(second.state).toEqual(straight.state)
  })
})

describe('resume', () => {
  const settings = {
    steps: 6,
    evaluate: { every: 2, evaluator: { name: 'script', evaluate: async () => ({ loss: 1 }) } },
  }

  test('goes on with the patience and the numbers of events', async () => {
    const store = new MemoryStore()
    const earlyStopping = { metric: 'loss', patience: 3 }
    const signal = { aborted: false }
    const first = new Trainer({
      ...tinyTraining(),
      ...settings,
      steps: 50,
      checkpoint: { every: 100, store },
      earlyStopping,
    })
    const log: TrainerEvent[] = []
    first.onEvent((event) => void log.push(event))
    first.on('step', ({ step }) => void (signal.aborted = step === 5))
    await first.run({ signal })
    const second = new Trainer({
      ...tinyTraining(),
      ...settings,
      steps: 50,
      checkpoint: { every: 100, store },
      earlyStopping,
    })
    expect(await second.resume()).toBe(true)
    const more: TrainerEvent[] = []
    second.onEvent((event) => void more.push(event))
    expect(await second.run()).toEqual({
      reason: 'early-stopping',
      step: 8,
      best: { metric: 'loss', value: 1, step: 2 },
    })
    expect(more[0]).toMatchObject({ type: 'start', step: 5, resumed: true, warnings: [] })
    // All that the first log has after its checkpoint is the news that it stopped.
    expect(log.at(-2)).toMatchObject({ type: 'checkpoint', sequence: more[0]!.sequence - 1 })
    expect(more.map(({ sequence }) => sequence)).toEqual(more.map((_, index) => more[0]!.sequence + index))
  })

  test('without a checkpoint changes nothing', async () => {
    const trainer = new Trainer({
      ...tinyTraining(),
      steps: 1,
      checkpoint: { every: 1, store: new MemoryStore() },
    })
    expect(await trainer.resume()).toBe(false)
    expect(trainer.step).toBe(0)
  })

  test('says which settings have changed', async () => {
    const store = new MemoryStore()
    const checkpoint = { every: 1, store }
    const earlyStopping = { metric: 'loss', patience: 3 }
    await new Trainer({ ...tinyTraining(), ...settings, steps: 2, checkpoint, earlyStopping }).run()
    const trainer = new Trainer({
      ...tinyTraining(),
      steps: 3,
      schedule: schedules.constant({ learningRate: 0.5 }),
      checkpoint,
    })
    await trainer.resume()
    const warnings: string[] = []
    trainer.on('start', (event) => void warnings.push(...event.warnings))
    expect((await trainer.run()).best).toBe(null)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('it gives the learning rate 0.5 for step 2')
    expect(warnings[1]).toContain("The best 'loss' so far is forgotten")
  })

  test('a foreign checkpoint is refused, and changes nothing', async () => {
    const store = new MemoryStore()
    await new Trainer({ ...tinyTraining(), steps: 1, checkpoint: { every: 1, store } }).run()
    const [whole] = store.saved
    const refusal = async (stored: StoredSnapshot, others: Settings = {}): Promise<string> => {
      const training = { ...tinyTraining(), ...others }
      const before = await weightsOf(training.model)
      const loading = { save: async () => undefined, load: async () => stored }
      const trainer = new Trainer({ ...training, steps: 1, checkpoint: { every: 1, store: loading } })
      const message = await trainer.resume().then(
        () => 'resumed',
        (error: Error) => error.message,
      )
      expect(await weightsOf(training.model)).toEqual(before)
      expect(trainer.step).toBe(0)
      return message
    }
    const { arrays, state } = whole!
    expect(await refusal({ arrays, state: null })).toContain("'state.version' is missing")
    expect(await refusal({ arrays, state: { ...state, version: 2 } })).toContain("'state.version' is 2")
    expect(await refusal({ arrays, state: { ...state, step: -1 } })).toContain("'state.step' is -1")
    expect(await refusal({ arrays, state: { ...state, position: { epoch: 1 } } })).toContain(
      "'state.position' is",
    )
    expect(await refusal({ arrays: { ...arrays, weights: new Map() }, state })).toContain('embedding.table')
    const { model } = tinyTraining()
    const other = await refusal({ arrays, state }, { optimizer: new Lion(model.parameters()) })
    expect(other).toContain("'optimizer' is 'lion', expected 'adam-w'")
  })

  test('needs a store', async () => {
    await expect(new Trainer({ ...tinyTraining(), steps: 1 }).resume()).rejects.toThrow(
      "'checkpoint' is missing",
    )
  })
})
