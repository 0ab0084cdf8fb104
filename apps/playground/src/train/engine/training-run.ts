import { createTranslator, type Translator } from '@qkv/pipelines'
import { createTraining, type Training, trainTokenizers } from '@qkv/pipelines/training'
import type { Device } from '@qkv/tensor'
import { inEvaluationMode, type StopReason } from '@qkv/trainer'
import type { TrainSettings } from '../settings/settings.ts'
import { trainingPlan } from '../settings/training-plan.ts'
import { BetweenSteps } from './between-steps.ts'
import { type Corpus, loadCorpus } from './load-corpus.ts'
import { lookAtModel } from './look-at-model.ts'
import { Reporter } from './reporter.ts'
import type { Evaluation, History, Look, RunDescription, RunUpdate } from './run-updates.ts'
import type { SavedRun, SavedRuns } from './saved-runs.ts'

export interface TrainingRunParts {
  readonly device: Device
  readonly savedRuns: SavedRuns
  /** A training to go on with; its settings must be the given ones. */
  readonly saved?: SavedRun | undefined
  readonly onUpdate: (update: RunUpdate) => void
}

/** A training on a page: what `qkv train` does with the same settings, with saves in the browser and looks at the model. */
export class TrainingRun {
  readonly settings: TrainSettings
  readonly corpus: Corpus
  readonly translator: Translator
  readonly #training: Training
  readonly #trainer: ReturnType<Training['createTrainer']>
  readonly #turns = new BetweenSteps()
  readonly #parts: TrainingRunParts
  readonly #reporter: Reporter
  readonly #losses: number[]
  readonly #evaluations: Evaluation[]

  /** Makes everything that training needs; throws what the library has against the settings. */
  constructor(settings: TrainSettings, parts: TrainingRunParts) {
    const { device, saved, savedRuns, onUpdate } = parts
    const plan = trainingPlan(settings)
    this.settings = settings
    this.#parts = parts
    this.corpus = loadCorpus(settings)
    const tokenizers = trainTokenizers(this.corpus.train, plan.tokenizer)
    this.#training = createTraining(plan, { device, tokenizers, corpus: this.corpus })
    const { model } = this.#training
    this.translator = createTranslator({ model, tokenizers, generation: plan.generation })
    this.#losses = [...(saved?.history.losses ?? [])]
    this.#evaluations = [...(saved?.history.evaluations ?? [])]
    this.#reporter = new Reporter(onUpdate)
    this.#trainer = this.#training.createTrainer({
      checkpoint: {
        store: {
          save: async (snapshot) => {
            const { history } = this
            try {
              await savedRuns.save({ version: 1, settings, snapshot, history })
              onUpdate({ type: 'saved', step: snapshot.state.step })
            } catch (error) {
              // A browser without room is no reason to end a training.
              onUpdate({ type: 'not-saved', reason: error instanceof Error ? error.message : String(error) })
            }
          },
          load: async () => saved?.snapshot,
        },
      },
      evaluator: (usual) => ({
        name: usual.name,
        evaluate: async (model) => {
          const metrics = await usual.evaluate(model)
          onUpdate({ type: 'look', look: await this.#look() })
          return metrics
        },
      }),
    })
    this.#listen()
  }

  get history(): History {
    return { losses: [...this.#losses], evaluations: [...this.#evaluations] }
  }

  get step(): number {
    return this.#trainer.step
  }

  get steps(): number {
    return this.#trainer.steps
  }

  get description(): RunDescription {
    const { source, target } = this.translator.tokenizers
    return {
      parameterCount: this.#training.model.parameterCount(),
      trainingPairs: this.corpus.train.length,
      heldOutPairs: this.corpus.validation.length,
      sourceVocabulary: source.vocabularySize,
      targetVocabulary: target.vocabularySize,
      batchesPerEpoch: this.#training.batches.train.batchesPerEpoch,
    }
  }

  /** Takes up the saved training, if there is one, and looks at the model as it is. */
  async open(): Promise<void> {
    if (this.#parts.saved) await this.#trainer.resume()
    this.#parts.onUpdate({ type: 'look', look: await this.between(() => this.#look()) })
  }

  /** Trains until the end, or until the signal is aborted; then it is saved, and another call goes on. */
  async train(signal: { readonly aborted: boolean }): Promise<StopReason> {
    try {
      return await this.#turns.training(async () => (await this.#trainer.run({ signal })).reason)
    } finally {
      this.#reporter.flush()
    }
  }

  /** Makes one step. */
  async trainOneStep(): Promise<StopReason> {
    const end = this.step + 1
    const trainer = this.#trainer
    return this.train({
      get aborted() {
        return trainer.step >= end
      },
    })
  }

  /** Uses the model for something else, without disturbing the training. */
  between<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turns.run(() => inEvaluationMode(this.#training.model, work))
  }

  dispose(): void {
    this.#training.dispose()
  }

  #look(): Promise<Look> {
    return lookAtModel(this.translator, this.corpus.validation, this.step)
  }

  #listen(): void {
    this.#trainer.on('step', async (event) => {
      this.#losses.push(event.loss)
      this.#reporter.step(event)
      await this.#turns.takeTurns()
    })
    this.#trainer.on('evaluation', ({ step, metrics }) => {
      const evaluation = { step, loss: metrics['loss']!, exactMatch: metrics['exactMatch']! }
      this.#evaluations.push(evaluation)
      this.#parts.onUpdate({ type: 'evaluation', evaluation })
    })
  }
}
