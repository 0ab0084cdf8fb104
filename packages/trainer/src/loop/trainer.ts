import type { Module } from '@qkv/nn'
import { ArgumentError } from '@qkv/tensor'
import { inEvaluationMode } from '../evaluators/in-evaluation-mode.ts'
import { now, yieldToEventLoop } from '../platform.ts'
import type { CheckpointStore, Snapshot } from './checkpoint-store.ts'
import { checkEarlyStopping, decisiveValue, improves } from './early-stopping.ts'
import { EventHub } from './event-hub.ts'
import type { CheckpointEvent, EventOf, EventType, Listener, StopReason } from './events.ts'
import { type BatchIterator, makeStep } from './make-step.ts'
import { restore } from './restore.ts'
import { Speedometer } from './speedometer.ts'
import { checkTrainerOptions, type TrainerOptions } from './trainer-options.ts'
import type { Best, Progress } from './training-state.ts'

/** How a run ended. */
export interface TrainingResult {
  readonly reason: StopReason
  /** Training steps made, over all runs. */
  readonly step: number
  /** The best value of the metric of `earlyStopping`; `null` when there is none. */
  readonly best: Best | null
}

/** What ends a run early: an `AbortSignal` is one. */
interface StopSignal {
  readonly aborted: boolean
}

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
  readonly #events = new EventHub()
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
    return this.#events.on(type, listener)
  }

  /** Calls `listener` for every event; the returned function ends that. */
  onEvent(listener: Listener): () => void {
    return this.#events.onEvent(listener)
  }

  /**
   * Takes up the checkpoint of the store; false, and nothing changes, when it has none. The trainer must be made as the
   * one that wrote it. Throws an `ArgumentError` or a `StateError` when the checkpoint does not fit.
   */
  async resume(): Promise<boolean> {
    this.#checkIdle('resume')
    const { checkpoint } = this.#options
    if (!checkpoint) throw noStoreError()
    const stored = await checkpoint.store.load()
    if (!stored) return false
    const { progress, sequence, warnings } = restore(stored, this.#options)
    this.#progress = progress
    this.#events.sequence = sequence
    this.#warnings = warnings
    this.#gradientNorm = undefined
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
  async run(options: { readonly signal?: StopSignal } = {}): Promise<TrainingResult> {
    this.#checkIdle('run')
    const { model, random } = this.#options
    this.#running = true
    try {
      model.train(random)
      await this.#events.emit({
        type: 'start',
        step: this.step,
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
      await this.#events.emit({ type: 'stopped', step, reason, seconds, tokens })
      return { reason, step, best }
    } finally {
      model.evaluate()
      this.#running = false
    }
  }

  async #train(signal: StopSignal | undefined): Promise<StopReason> {
    const { batches, evaluate, checkpoint, earlyStopping } = this.#options
    let iterator: BatchIterator<Batch> | undefined
    try {
      for (;;) {
        const { step, withoutImprovement } = this.#progress
        if (step >= this.steps) return 'finished'
        if (withoutImprovement >= (earlyStopping?.patience ?? Infinity)) return 'early-stopping'
        if (signal?.aborted) return 'aborted'
        iterator ??= iteratorOf(batches.batches(this.#progress.position))
        if (!(await this.#makeStep(iterator))) return 'out-of-data'
        const last = this.step === this.steps
        if (evaluate && (last || this.step % evaluate.every === 0)) await this.#evaluate()
        if (checkpoint && this.step % checkpoint.every === 0) await this.#saveLatest()
        await yieldToEventLoop()
      }
    } finally {
      await iterator?.return?.()
    }
  }

  /** False when there are no batches left. */
  async #makeStep(batches: BatchIterator<Batch>): Promise<boolean> {
    const { step, position, seconds, tokens } = this.#progress
    const started = now()
    const outcome = await makeStep(this.#options, batches, {
      step,
      position,
      gradientNorm: this.#gradientNorm,
    })
    if (!outcome) return false
    const taken = (now() - started) / 1000
    this.#speed.add(outcome.tokens, taken)
    this.#gradientNorm = outcome.gradientNorm
    this.#unsaved = true
    this.#progress = {
      ...this.#progress,
      step: step + 1,
      position: outcome.position,
      seconds: seconds + taken,
      tokens: tokens + outcome.tokens,
    }
    await this.#events.emit({
      type: 'step',
      step: this.step,
      steps: this.steps,
      epoch: outcome.position.epoch,
      loss: outcome.loss,
      learningRate: outcome.learningRate,
      gradientNorm: outcome.gradientNorm,
      tokens: outcome.tokens,
      tokensPerSecond: this.#speed.tokensPerSecond,
      secondsLeft: (this.steps - this.step) * this.#speed.secondsPerStep,
    })
    return true
  }

  /** Measures once per step at most. */
  async #evaluate(): Promise<void> {
    const { model, evaluate } = this.#options
    const { step } = this.#progress
    if (!evaluate || this.#progress.evaluatedStep === step) return
    const { evaluator } = evaluate
    const started = now()
    const metrics = await inEvaluationMode(model, () => evaluator.evaluate(model))
    const seconds = (now() - started) / 1000
    this.#unsaved = true
    this.#progress = { ...this.#progress, evaluatedStep: step }
    await this.#events.emit({ type: 'evaluation', step, evaluator: evaluator.name, metrics, seconds })
    await this.#judge(metrics)
  }

  /** Keeps track of the best value, and for how long there was no better one. */
  async #judge(metrics: Readonly<Record<string, number>>): Promise<void> {
    const { earlyStopping, checkpoint } = this.#options
    if (!earlyStopping) return
    const { step, best, withoutImprovement } = this.#progress
    const { metric } = earlyStopping
    const value = decisiveValue(metrics, metric)
    if (!improves(value, best, checkEarlyStopping(earlyStopping))) {
      this.#progress = { ...this.#progress, withoutImprovement: withoutImprovement + 1 }
      return
    }
    this.#progress = { ...this.#progress, best: { metric, value, step }, withoutImprovement: 0 }
    await this.#events.emit({ type: 'improved', step, metric, value, before: best?.value ?? null })
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
    await this.#events.emit({ type: 'checkpoint', step: this.step, kind })
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
        sequence: this.#events.sequence + 1,
      },
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
