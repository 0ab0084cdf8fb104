import type { Module } from '@qkv/nn'
import { ArgumentError } from '@qkv/tensor'
import { inEvaluationMode } from '../evaluators/in-evaluation-mode.ts'
import { clipFactor } from '../gradients/clip-factor.ts'
import { GradientSum } from '../gradients/gradient-sum.ts'
import { now, yieldToEventLoop } from '../platform.ts'
import type { CheckpointStore, Snapshot } from './checkpoint-store.ts'
import { DivergenceError } from './divergence-error.ts'
import { checkEarlyStopping, decisiveValue, improves } from './early-stopping.ts'
import type { CheckpointEvent, EventOf, EventType, Listener, StopReason, TrainerEvent } from './events.ts'
import { Speedometer } from './speedometer.ts'
import { checkTrainerOptions, type PositionedBatch, type TrainerOptions } from './trainer-options.ts'
import { type Best, checkTrainingState, type DataPosition, type TrainingState } from './training-state.ts'

/** How a run ended. */
export interface TrainingResult {
  readonly reason: StopReason
  /** Training steps made, over all runs. */
  readonly step: number
  /** The best value of the metric of `earlyStopping`; `null` when there is none. */
  readonly best: Best | null
}

/** What changes while training, apart from the arrays and the random stream. */
type Progress = Omit<TrainingState, 'version' | 'random' | 'optimizer' | 'learningRate' | 'sequence'>

type Batches<Batch> = Iterator<PositionedBatch<Batch>> | AsyncIterator<PositionedBatch<Batch>>
type Unnumbered<Event extends TrainerEvent> = Event extends TrainerEvent
  ? Omit<Event, 'sequence' | 'step'>
  : never

/**
 * Trains a model. It writes nowhere and asks nobody: what happens is told to listeners, and checkpoints go to a store.
 * Resuming from one goes on bit by bit as if nothing had happened. Throws an `ArgumentError` for settings that do not
 * fit.
 *
 * @example
 * const trainer = new Trainer({ model, optimizer, schedule, lossOf, batches, random, steps: 1000 })
 * trainer.on('step', ({ step, loss }) => console.log(step, loss))
 * const { reason } = await trainer.run()
 */
export class Trainer<Batch, Model extends Module> {
  readonly #options: TrainerOptions<Batch, Model>
  readonly #listeners = new Set<{ readonly type: EventType | undefined; readonly listener: Listener }>()
  readonly #speed = new Speedometer()
  #progress: Progress = {
    step: 0,
    position: { epoch: 0, batch: 0 },
    best: null,
    withoutImprovement: 0,
    evaluatedStep: null,
    seconds: 0,
    tokens: 0,
  }
  #sequence = 0
  #gradientNorm: number | undefined
  #resumed = false
  #warnings: readonly string[] = []
  /** Whether anything has changed since the last checkpoint. */
  #unsaved = false
  #running = false

  constructor(options: TrainerOptions<Batch, Model>) {
    checkTrainerOptions(options)
    this.#options = options
  }

  /** Training steps made so far. */
  get step(): number {
    return this.#progress.step
  }

  /** At how many steps the training ends. */
  get steps(): number {
    const { steps, epochs = 0, batches, accumulate = 1 } = this.#options
    return steps ?? Math.ceil((epochs * batches.batchesPerEpoch) / accumulate)
  }

  /** Calls `listener` for events of one type; the returned function ends that. */
  on<Type extends EventType>(type: Type, listener: Listener<EventOf<Type>>): () => void {
    // Events of other types never reach it, which the compiler cannot follow through the set.
    return this.#listen({ type, listener: listener as Listener })
  }

  /** Calls `listener` for every event; the returned function ends that. */
  onEvent(listener: Listener): () => void {
    return this.#listen({ type: undefined, listener })
  }

  /**
   * Takes up the checkpoint of the store; false, and nothing changes, when it has none. The trainer must be made as the
   * one that wrote it. Throws an `ArgumentError` or a `StateError` when the checkpoint does not fit.
   */
  async resume(): Promise<boolean> {
    this.#checkIdle('resume')
    const { model, optimizer, random, checkpoint, schedule, earlyStopping } = this.#options
    if (!checkpoint) throw noStoreError()
    const stored = await checkpoint.store.load()
    if (!stored) return false
    const {
      version: _,
      random: randomState,
      optimizer: remembered,
      ...rest
    } = checkTrainingState(stored.state)
    if (remembered.name !== optimizer.name) throw otherOptimizerError(remembered.name, optimizer.name)
    model.loadState(stored.arrays.weights)
    optimizer.loadState({ arrays: stored.arrays.optimizer, values: remembered.values })
    random.state = randomState
    const { learningRate, sequence, ...progress } = rest
    const warnings: string[] = []
    const planned = schedule(progress.step)
    if (planned !== learningRate) {
      warnings.push(
        `The schedule has changed: it gives the learning rate ${planned} for step ${progress.step}, where it gave ${learningRate} when the checkpoint was written.`,
      )
    }
    const sameMetric = progress.best === null || progress.best.metric === earlyStopping?.metric
    if (!sameMetric) {
      warnings.push(
        `The best '${progress.best?.metric}' so far is forgotten: the metric is ${earlyStopping ? `'${earlyStopping.metric}'` : 'none'} now.`,
      )
    }
    this.#progress = sameMetric ? progress : { ...progress, best: null, withoutImprovement: 0 }
    this.#sequence = sequence
    this.#gradientNorm = undefined
    this.#warnings = warnings
    this.#resumed = true
    this.#unsaved = false
    return true
  }

  /**
   * Trains from where it stands to the end, or until `signal` is aborted, which lets the step finish and saves a
   * checkpoint; another call then goes on. Other work of the thread gets its turn after each step.
   *
   * Throws a `DivergenceError` when the loss or its gradients are not finite, and whatever `lossOf`, the data, a
   * listener, the evaluator or the store throw; weights and state are those of the last whole step then.
   */
  async run(options: { readonly signal?: { readonly aborted: boolean } } = {}): Promise<TrainingResult> {
    this.#checkIdle('run')
    const { model, random } = this.#options
    this.#running = true
    try {
      model.train(random)
      await this.#emit({
        type: 'start',
        steps: this.steps,
        parameterCount: model.parameterCount(),
        resumed: this.#resumed,
        warnings: this.#warnings,
      })
      this.#resumed = false
      this.#warnings = []
      const reason = await this.#train(options.signal)
      if (reason === 'out-of-data') await this.#evaluate()
      if (this.#unsaved) await this.#saveLatest()
      const { step, best, seconds, tokens } = this.#progress
      await this.#emit({ type: 'stopped', reason, seconds, tokens })
      return { reason, step, best }
    } finally {
      model.evaluate()
      this.#running = false
    }
  }

  async #train(signal: { readonly aborted: boolean } | undefined): Promise<StopReason> {
    const { batches, evaluate, checkpoint, earlyStopping } = this.#options
    let iterator: Batches<Batch> | undefined
    try {
      for (;;) {
        const { step, withoutImprovement } = this.#progress
        if (step >= this.steps) return 'finished'
        if (withoutImprovement >= (earlyStopping?.patience ?? Infinity)) return 'early-stopping'
        if (signal?.aborted) return 'aborted'
        iterator ??= iteratorOf(batches.batches(this.#progress.position))
        if (!(await this.#makeStep(iterator))) return 'out-of-data'
        if (evaluate && this.#isDue(evaluate.every)) await this.#evaluate()
        if (checkpoint && this.step % checkpoint.every === 0) await this.#saveLatest()
        await yieldToEventLoop()
      }
    } finally {
      await iterator?.return?.()
    }
  }

  #isDue(every: number): boolean {
    return this.step % every === 0 || this.step === this.steps
  }

  /** False when there are no batches left. */
  async #makeStep(iterator: Batches<Batch>): Promise<boolean> {
    const { model, optimizer, schedule, random, clipNorm } = this.#options
    const { step, position, seconds, tokens } = this.#progress
    const started = now()
    const randomBefore = random.state
    const sum = new GradientSum(model)
    try {
      const next = await this.#addBatches(sum, iterator, position)
      if (sum.tokens === 0) return false
      const learningRate = schedule(step)
      const { loss, norm } = await sum.read()
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        const gradientNormBefore = this.#gradientNorm
        throw new DivergenceError({
          step,
          loss,
          gradientNorm: norm,
          learningRate,
          gradientNormBefore,
          position,
        })
      }
      sum.scale(clipNorm === undefined ? 1 : clipFactor(norm, clipNorm))
      optimizer.step(sum.gradients, learningRate)
      const taken = (now() - started) / 1000
      this.#speed.add(sum.tokens, taken)
      this.#gradientNorm = norm
      this.#unsaved = true
      this.#progress = {
        ...this.#progress,
        step: step + 1,
        position: next,
        seconds: seconds + taken,
        tokens: tokens + sum.tokens,
      }
      await this.#emitStep(loss, learningRate, norm, sum.tokens)
      return true
    } catch (error) {
      // The random numbers of a step that was not made are drawn again.
      if (this.step === step) random.state = randomBefore
      throw error
    } finally {
      sum.dispose()
    }
  }

  /** Adds the batches of one step, fewer at the end of the data, and gives the position after them. */
  async #addBatches(
    sum: GradientSum,
    iterator: Batches<Batch>,
    position: DataPosition,
  ): Promise<DataPosition> {
    const { model, accumulate = 1, epochs = Infinity } = this.#options
    let after = position
    for (let count = 0; count < accumulate && after.epoch < epochs; count++) {
      const result = await iterator.next()
      if (result.done) break
      const batch = result.value
      sum.add(() => this.#options.lossOf(batch, model))
      after = batch.next
    }
    return after
  }

  #emitStep(loss: number, learningRate: number, gradientNorm: number, tokens: number): Promise<void> {
    return this.#emit({
      type: 'step',
      steps: this.steps,
      epoch: this.#progress.position.epoch,
      loss,
      learningRate,
      gradientNorm,
      tokens,
      tokensPerSecond: this.#speed.tokensPerSecond,
      secondsLeft: (this.steps - this.step) * this.#speed.secondsPerStep,
    })
  }

  /** Measures once per step at most. */
  async #evaluate(): Promise<void> {
    const { model, evaluate, earlyStopping, checkpoint } = this.#options
    const { step, best, withoutImprovement } = this.#progress
    if (!evaluate || this.#progress.evaluatedStep === step) return
    const started = now()
    const { evaluator } = evaluate
    const metrics = await inEvaluationMode(model, () => evaluator.evaluate(model))
    const seconds = (now() - started) / 1000
    this.#unsaved = true
    this.#progress = { ...this.#progress, evaluatedStep: step }
    await this.#emit({ type: 'evaluation', evaluator: evaluator.name, metrics, seconds })
    if (!earlyStopping) return
    const { metric } = earlyStopping
    const value = decisiveValue(metrics, metric)
    if (!improves(value, best, checkEarlyStopping(earlyStopping))) {
      this.#progress = { ...this.#progress, withoutImprovement: withoutImprovement + 1 }
      return
    }
    this.#progress = { ...this.#progress, best: { metric, value, step }, withoutImprovement: 0 }
    await this.#emit({ type: 'improved', metric, value, before: best?.value ?? null })
    if (checkpoint?.best) await this.#save(checkpoint.best, 'best')
  }

  async #saveLatest(): Promise<void> {
    const { checkpoint } = this.#options
    if (!checkpoint) return
    await this.#save(checkpoint.store, 'latest')
    this.#unsaved = false
  }

  async #save(store: CheckpointStore, kind: CheckpointEvent['kind']): Promise<void> {
    await store.save(await this.#snapshot())
    await this.#emit({ type: 'checkpoint', kind })
  }

  async #snapshot(): Promise<Snapshot> {
    const { model, optimizer, random, schedule } = this.#options
    const weights = await model.readState()
    const { arrays, values } = await optimizer.readState()
    return {
      arrays: { weights, optimizer: arrays },
      state: {
        ...this.#progress,
        version: 1,
        random: random.state,
        optimizer: { name: optimizer.name, values },
        learningRate: schedule(this.step),
        // The event that tells of this checkpoint belongs to what was before it.
        sequence: this.#sequence + 1,
      },
    }
  }

  #listen(entry: { readonly type: EventType | undefined; readonly listener: Listener }): () => void {
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  async #emit(event: Unnumbered<TrainerEvent>): Promise<void> {
    const numbered = { sequence: this.#sequence, step: this.step, ...event } as TrainerEvent
    this.#sequence += 1
    for (const { type, listener } of this.#listeners) {
      if (type === undefined || type === event.type) await listener(numbered)
    }
  }

  #checkIdle(operation: string): void {
    if (!this.#running) return
    throw new ArgumentError({
      operation: `Trainer.${operation}`,
      argument: 'this',
      got: 'is running',
      expected: 'a trainer that has stopped',
      fix: 'Await the `run()` that was called before.',
    })
  }
}

function iteratorOf<Item>(items: Iterable<Item> | AsyncIterable<Item>): Iterator<Item> | AsyncIterator<Item> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
}

function noStoreError(): ArgumentError {
  return new ArgumentError({
    operation: 'Trainer.resume',
    argument: 'checkpoint',
    got: 'is missing',
    expected: 'a store to load from',
    fix: 'Make the trainer with `checkpoint: { every, store }`.',
  })
}

function otherOptimizerError(stored: string, given: string): ArgumentError {
  return new ArgumentError({
    operation: 'Trainer.resume',
    argument: 'optimizer',
    got: `is '${given}'`,
    expected: `'${stored}', which wrote the checkpoint`,
    fix: 'Use the same optimizer, or start a new training from the weights alone.',
  })
}
