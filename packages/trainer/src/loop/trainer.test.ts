import { Linear, Module, Parameter } from '@qkv/nn'
import {
  createReferenceBackend,
  Device,
  full,
  mean,
  RandomStream,
  square,
  sub,
  type Tensor,
} from '@qkv/tensor'
import { describe, expect, test } from 'vitest'
import { type Evaluator, lossEvaluator, schedules, SGD, Trainer, type TrainerEvent } from '../index.ts'
import {
  successor,
  tinyBatch,
  tinyBatches,
  tinyLoss,
  tinyTraining,
  vocabularySize,
  weightsOf,
} from '../tiny-model.test-helper.ts'
import { now } from '../platform.ts'
import { MemoryStore } from './memory-store.test-helper.ts'

declare function setTimeout(call: () => void, milliseconds: number): void

const evaluator = lossEvaluator({ batches: () => [tinyBatch({ epoch: 9, batch: 1 })], lossOf: tinyLoss })

describe('training', () => {
  test('learns a line through points', async () => {
    const device = new Device(createReferenceBackend())
    const random = new RandomStream(1)
    const model = new Linear({ device, random }, { inputSize: 1, outputSize: 1 })
    const trainer = new Trainer({
      model,
      optimizer: new SGD(model.parameters(), { momentum: 0.9 }),
      schedule: schedules.constant({ learningRate: 0.1 }),
      batches: {
        batchesPerEpoch: 1,
        *batches() {
          for (;;) yield { x: [[-1], [0], [1], [2]], next: { epoch: 0, batch: 0 } }
        },
      },
      lossOf({ x }, each) {
        const target = device.tensor(x.map(([value]) => [3 * value! - 2]))
        return { loss: mean(square(sub(each.forward(device.tensor(x)), target))), tokens: x.length }
      },
      random,
      steps: 200,
    })
    expect(await trainer.run()).toEqual({ reason: 'finished', step: 200, best: null })
    expect((await model.weight.value.read())[0]).toBeCloseTo(3, 3)
    expect((await model.bias!.value.read())[0]).toBeCloseTo(-2, 3)
  })

  test('learns which token follows which', async () => {
    const training = tinyTraining()
    const losses: number[] = []
    const trainer = new Trainer({ ...training, steps: 150 })
    trainer.on('step', ({ loss }) => void losses.push(loss))
    await trainer.run()
    expect(losses[0]).toBeGreaterThan(1)
    expect(losses.at(-1)).toBeLessThan(0.2)
    const { device, model } = training
    const best = device.scoped(() => {
      const tokens = Int32Array.from({ length: vocabularySize - 1 }, (_, index) => index + 1)
      const logits = model.forward(device.tensor(tokens, { shape: [1, tokens.length] })).readSync()
      return Array.from(tokens, (token, row) => {
        const scores = Array.from(logits.subarray(row * vocabularySize, (row + 1) * vocabularySize))
        return [token, scores.indexOf(Math.max(...scores))]
      })
    })
    expect(best).toEqual(best.map(([token]) => [token, successor(token!)]))
  })

  test('clips to the norm that is set, and reports the one before', async () => {
    const clipped = tinyTraining()
    const plain = tinyTraining()
    const settings = { optimizer: undefined, schedule: schedules.constant({ learningRate: 1 }), steps: 1 }
    const movedBy = async (
      training: ReturnType<typeof tinyTraining>,
      clipNorm?: number,
    ): Promise<[number, number]> => {
      const before = Object.values(await weightsOf(training.model)).flat()
      const optimizer = new SGD(training.model.parameters())
      const trainer = new Trainer({ ...training, ...settings, optimizer, ...(clipNorm && { clipNorm }) })
      let norm = 0
      trainer.on('step', ({ gradientNorm }) => void (norm = gradientNorm))
      await trainer.run()
      const after = Object.values(await weightsOf(training.model)).flat()
      return [Math.hypot(...after.map((value, index) => value - before[index]!)), norm]
    }
    const [free, norm] = await movedBy(plain)
    const [limited, normBefore] = await movedBy(clipped, 0.01)
    expect(free).toBeCloseTo(norm, 5)
    expect(norm).toBeGreaterThan(0.1)
    expect(normBefore).toBe(norm)
    expect(limited).toBeCloseTo(0.01, 5)
  })

  test('a step of several batches is a step of one batch with all their tokens', async () => {
    const accumulated = tinyTraining()
    const whole = tinyTraining()
    const parts = [0, 1, 2].map((batch) => tinyBatch({ epoch: 0, batch }))
    const all = {
      inputs: Int32Array.from(parts.flatMap(({ inputs }) => [...inputs])),
      targets: Int32Array.from(parts.flatMap(({ targets }) => [...targets])),
      shape: [parts.reduce((rows, { shape }) => rows + shape[0], 0), 4] as const,
      next: { epoch: 1, batch: 0 },
    }
    const events: TrainerEvent[] = []
    const first = new Trainer({ ...accumulated, batches: tinyBatches(3), accumulate: 3, steps: 1 })
    first.on('step', (event) => void events.push(event))
    await first.run()
    const source = { batchesPerEpoch: 1, batches: () => [all] }
    const second = new Trainer({ ...whole, batches: source, steps: 1 })
    second.on('step', (event) => void events.push(event))
    await second.run()
    const [small, large] = events as Extract<TrainerEvent, { type: 'step' }>[]
    expect(small!.tokens).toBe(large!.tokens)
    expect(small!.loss).toBeCloseTo(large!.loss, 6)
    expect(small!.gradientNorm).toBeCloseTo(large!.gradientNorm, 6)
  })

  test('epochs end with their last batch, also in the middle of a step', async () => {
    const seen: number[] = []
    const training = tinyTraining()
    const trainer = new Trainer({
      ...training,
      lossOf(batch, model) {
        seen.push(batch.inputs[0]!)
        return tinyLoss(batch, model)
      },
      epochs: 2,
      accumulate: 4,
    })
    expect(trainer.steps).toBe(3)
    expect((await trainer.run()).reason).toBe('finished')
    const expected = [0, 1].flatMap((epoch) =>
      [0, 1, 2, 3, 4].map((batch) => tinyBatch({ epoch, batch }).inputs[0]),
    )
    expect(seen).toEqual(expected)
  })

  test('data that ends, asynchronous too, ends the run with what was read', async () => {
    const training = tinyTraining()
    let closed = false
    const trainer = new Trainer({
      ...training,
      batches: {
        batchesPerEpoch: 10,
        async *batches() {
          try {
            for (const batch of [0, 1, 2]) {
              yield { ...tinyBatch({ epoch: 0, batch }), next: { epoch: 0, batch: batch + 1 } }
            }
          } finally {
            closed = true
          }
        },
      },
      evaluate: { every: 100, evaluator },
      accumulate: 2,
      steps: 10,
    })
    const evaluated: number[] = []
    trainer.on('evaluation', ({ step }) => void evaluated.push(step))
    expect(await trainer.run()).toEqual({ reason: 'out-of-data', step: 2, best: null })
    expect(evaluated).toEqual([2])
    expect(closed).toBe(true)
  })

  test('other work of the thread gets its turn after every step', async () => {
    const trainer = new Trainer({ ...tinyTraining(), steps: 3 })
    const order: string[] = []
    trainer.on('step', ({ step }) => {
      order.push(`step ${step}`)
      setTimeout(() => order.push(`timer ${step}`), 0)
      // The timer is overdue when the step ends.
      for (const until = now() + 5; now() < until;);
    })
    await trainer.run()
    expect(order.slice(0, 4)).toEqual(['step 1', 'timer 1', 'step 2', 'timer 2'])
  })

  test('a step reads once from the device', async () => {
    const backend = createReferenceBackend()
    let downloads = 0
    const device = new Device({
      ...backend,
      download(handle, spec) {
        downloads += 1
        return backend.download(handle, spec)
      },
    })
    const steps = 4
    await new Trainer({ ...tinyTraining({ device }), steps, accumulate: 3, clipNorm: 0.1 }).run()
    expect(downloads).toBe(steps)
  })
})

describe('events', () => {
  test('come in order, numbered, with plain values', async () => {
    const training = tinyTraining()
    const trainer = new Trainer({
      ...training,
      steps: 5,
      evaluate: { every: 2, evaluator },
      checkpoint: { every: 3, store: new MemoryStore(), best: new MemoryStore() },
      earlyStopping: { metric: 'loss', patience: 5 },
    })
    const events: TrainerEvent[] = []
    const stop = trainer.onEvent((event) => void events.push(event))
    await trainer.run()
    const improvements = ['improved', 'checkpoint best']
    expect(
      events.map((event) => (event.type === 'checkpoint' ? `checkpoint ${event.kind}` : event.type)),
    ).toEqual([
      'start',
      'step',
      'step',
      'evaluation',
      ...improvements,
      'step',
      'checkpoint latest',
      'step',
      'evaluation',
      ...improvements,
      'step',
      'evaluation',
      ...improvements,
      'checkpoint latest',
      'stopped',
    ])
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index))
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
    expect(events[0]).toMatchObject({ step: 0, steps: 5, resumed: false, warnings: [] })
    expect(events[0]).toHaveProperty('parameterCount', training.model.parameterCount())
    const steps = events.filter((event) => event.type === 'step')
    expect(steps.map(({ step, learningRate }) => [step, learningRate])).toEqual(
      [1, 2, 3, 4, 5].map((step) => [step, training.schedule(step - 1)]),
    )
    expect(steps.map(({ tokens }) => tokens)).toEqual(
      [0, 1, 2, 3, 4].map((batch) => tinyBatch({ epoch: 0, batch }).targets.filter((id) => id !== 0).length),
    )
    expect(steps.every(({ tokensPerSecond }) => tokensPerSecond > 0)).toBe(true)
    expect(steps.at(-1)).toMatchObject({ epoch: 1, secondsLeft: 0 })
    stop()
    await trainer.run()
    expect(events.at(-1)!.type).toBe('stopped')
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1)
  })

  test('a listener that fails ends the run after a whole step', async () => {
    const training = tinyTraining({ rate: 0.5 })
    const trainer = new Trainer({ ...training, steps: 5 })
    const stop = trainer.on('step', async ({ step }) => {
      if (step === 2) throw new Error('disk full')
    })
    await expect(trainer.run()).rejects.toThrow('disk full')
    expect(trainer.step).toBe(2)
    expect(training.model.training).toBe(false)
    stop()
    await trainer.run()
    const straight = tinyTraining({ rate: 0.5 })
    await new Trainer({ ...straight, steps: 5 }).run()
    expect(await weightsOf(training.model)).toEqual(await weightsOf(straight.model))
  })
})

describe('early stopping', () => {
  /** Gives one figure after another. */
  const scripted = (metric: string, values: readonly number[]): Evaluator => {
    let count = 0
    return { name: 'scripted', evaluate: async () => ({ [metric]: values[count++] ?? Number.NaN }) }
  }
  const runWith = async (
    values: readonly number[],
    earlyStopping: { metric: string; patience: number; goal?: 'lowest' | 'highest' },
  ): Promise<unknown> =>
    new Trainer({
      ...tinyTraining(),
      steps: 20,
      evaluate: { every: 2, evaluator: scripted(earlyStopping.metric, values) },
      earlyStopping,
    }).run()

  test('stops when the loss was not below its best for so many evaluations', async () => {
    const best = { metric: 'loss', value: 2, step: 4 }
    const result = await runWith([3, 2, 2, 5, 1], { metric: 'loss', patience: 2 })
    expect(result).toEqual({ reason: 'early-stopping', step: 8, best })
  })

  test('a new best value starts the count anew; NaN and infinities are none', async () => {
    const best = { metric: 'bleu', value: 9, step: 8 }
    const result = await runWith([Number.NaN, 4, 3, 9, Infinity, 5], { metric: 'bleu', patience: 2 })
    expect(result).toEqual({ reason: 'early-stopping', step: 12, best })
  })

  test('other metrics need a goal', async () => {
    const best = { metric: 'coverage', value: 7, step: 4 }
    const result = await runWith([5, 7, 6], { metric: 'coverage', patience: 1, goal: 'highest' })
    expect(result).toEqual({ reason: 'early-stopping', step: 6, best })
    await expect(runWith([], { metric: 'coverage', patience: 1 })).rejects.toThrow(
      "'earlyStopping.goal' is missing for the metric 'coverage'",
    )
  })

  test('a metric that the evaluator does not give is an error', async () => {
    const trainer = new Trainer({
      ...tinyTraining(),
      steps: 2,
      evaluate: { every: 1, evaluator },
      earlyStopping: { metric: 'bleu', patience: 1 },
    })
    await expect(trainer.run()).rejects.toThrow(
      "is 'bleu', expected one of what the evaluator gives: loss, perplexity",
    )
  })
})

describe('stopping and failing', () => {
  test('an abort finishes the step, saves, and can go on', async () => {
    const store = new MemoryStore()
    const training = tinyTraining({ rate: 0.3 })
    const trainer = new Trainer({ ...training, steps: 6, checkpoint: { every: 100, store } })
    const signal = { aborted: false }
    const stop = trainer.on('step', ({ step }) => {
      if (step === 4) signal.aborted = true
    })
    expect(await trainer.run({ signal })).toEqual({ reason: 'aborted', step: 4, best: null })
    expect(store.saved.map(({ state }) => state.step)).toEqual([4])
    expect(await trainer.run({ signal })).toMatchObject({ reason: 'aborted', step: 4 })
    expect(store.saved).toHaveLength(1)
    stop()
    expect(await trainer.run()).toMatchObject({ reason: 'finished', step: 6 })
    const straight = tinyTraining({ rate: 0.3 })
    await new Trainer({ ...straight, steps: 6 }).run()
    expect(await weightsOf(training.model)).toEqual(await weightsOf(straight.model))
  })

  test.each([
    [Number.NaN, "'loss' is NaN"],
    [Infinity, "'loss' is Infinity"],
  ])('a loss of %d stops before the weights change, with what to do', async (bad, message) => {
    const store = new MemoryStore()
    const training = tinyTraining({ rate: 0.3 })
    let calls = 0
    const trainer = new Trainer({
      ...training,
      lossOf(batch, model) {
        const result = tinyLoss(batch, model)
        calls += 1
        return calls < 4 ? result : { ...result, loss: full(training.device, [], bad) }
      },
      checkpoint: { every: 2, store },
      steps: 10,
    })
    const norms: number[] = []
    trainer.on('step', ({ gradientNorm }) => void norms.push(gradientNorm))
    let error: unknown
    await trainer.run().catch((thrown: unknown) => (error = thrown))
    expect(error).toMatchObject({
      name: 'DivergenceError',
      step: 3,
      learningRate: training.schedule(3),
      gradientNormBefore: norms[2],
      position: { epoch: 0, batch: 3 },
    })
    const { message: sentence } = error as Error
    expect(sentence).toContain(`Trainer: ${message} in step 3 (learning rate`)
    expect(sentence).toContain(`gradient norm before ${norms[2]!.toPrecision(4)}), expected a finite number.`)
    expect(sentence).toContain('Lower the learning rate')
    expect(sentence).toContain('clipNorm: 1')
    expect(sentence).toContain('epoch 0, batch 3')
    expect(store.saved.map(({ state }) => state.step)).toEqual([2])
    const straight = tinyTraining({ rate: 0.3 })
    await new Trainer({ ...straight, steps: 3 }).run()
    expect(await weightsOf(training.model)).toEqual(await weightsOf(straight.model))
    expect(training.random.state).toEqual(straight.random.state)
  })

  test('an infinite gradient of a finite loss stops too', async () => {
    const device = new Device(createReferenceBackend())
    const random = new RandomStream(1)
    class Root extends Module {
      readonly value: Parameter = new Parameter(
        { device, random },
        { shape: [], initializer: () => device.tensor(1) },
      )
    }
    const model = new Root()
    const scale = (x: Tensor): Tensor => square(square(square(x)))
    const trainer = new Trainer({
      model,
      optimizer: new SGD(model.parameters()),
      schedule: schedules.constant({ learningRate: 1e30 }),
      batches: {
        batchesPerEpoch: 1,
        batches: () => Array.from({ length: 3 }, () => ({ next: { epoch: 0, batch: 0 } })),
      },
      lossOf: (_batch, each) => ({ loss: sub(scale(scale(each.value.value)), 1), tokens: 1 }),
      random,
      steps: 3,
    })
    await expect(trainer.run()).rejects.toThrow(/is (Infinity|NaN) in step 1 \(learning rate 1.000e\+30/)
    expect(trainer.step).toBe(1)
  })

  test('nothing but parameters and moments stays, whether a run ends or breaks off', async () => {
    const training = tinyTraining({ rate: 0.3 })
    const { device } = training
    const start = device.memory()
    expect(start.liveBuffers).toBe(3 * training.model.parameters().size)
    let fails = false
    const trainer = new Trainer({
      ...training,
      lossOf(batch, model) {
        const result = tinyLoss(batch, model)
        if (fails) throw new Error('broken')
        return result
      },
      accumulate: 2,
      clipNorm: 0.1,
      evaluate: { every: 2, evaluator },
      checkpoint: { every: 3, store: new MemoryStore() },
      steps: 12,
    })
    const live = new Set<number>()
    trainer.on('evaluation', () => void live.add(device.memory().liveBuffers))
    trainer.on('checkpoint', () => void live.add(device.memory().liveBuffers))
    trainer.on('step', ({ step }) => void (fails = step === 7))
    await expect(trainer.run()).rejects.toThrow('broken')
    expect(device.memory()).toEqual(start)
    fails = false
    await trainer.run()
    expect(device.memory()).toEqual(start)
    expect([...live]).toEqual([start.liveBuffers])
    training.optimizer.dispose()
    training.model.dispose()
    expect(device.memory().liveBuffers).toBe(0)
  })

  test('a second run at the same time is refused', async () => {
    const trainer = new Trainer({ ...tinyTraining(), steps: 1 })
    const first = trainer.run()
    await expect(trainer.run()).rejects.toThrow("Trainer.run: 'this' is running")
    await first
  })
})

test.each([
  [{}, "'steps' is missing, as is `epochs`"],
  [{ steps: 1, epochs: 1 }, "'steps' is given besides `epochs`"],
  [{ steps: 0.5 }, "'steps' is 0.5"],
  [{ steps: 1, accumulate: 0 }, "'accumulate' is 0"],
  [{ steps: 1, clipNorm: 0 }, "'clipNorm' is 0"],
  [
    { steps: 1, earlyStopping: { metric: 'loss', patience: 1 } },
    "'evaluate' is missing, with `earlyStopping` given",
  ],
  [
    { steps: 1, evaluate: { every: 1, evaluator }, earlyStopping: { metric: 'loss', patience: 0 } },
    "'earlyStopping.patience' is 0",
  ],
  [
    { steps: 1, checkpoint: { every: 1, store: new MemoryStore(), best: new MemoryStore() } },
    "'earlyStopping' is missing, with `checkpoint.best` given",
  ],
])('bad settings are refused: %j', (settings, message) => {
  expect(() => new Trainer({ ...tinyTraining(), ...settings })).toThrow(message)
})
