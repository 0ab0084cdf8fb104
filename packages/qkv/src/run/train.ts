import { join } from 'node:path'
import type { SkippedCheckpoint } from '@qkv/checkpoints/files'
import type { LengthBuckets } from '@qkv/data'
import { composeSites } from '@qkv/model-zoo'
import { describeModel } from '@qkv/pipelines'
import { createTraining, type Training, trainTokenizers } from '@qkv/pipelines/training'
import type { BackendSelection } from '@qkv/tensor'
import type { TrainerEvent, TrainingResult } from '@qkv/trainer'
import type { Config } from '../config/config.ts'
import { resolveConfig, type ResolvedConfig } from '../config/resolve-config.ts'
import { openDevice } from '../presets.ts'
import { bestWeights, fileCheckpoints } from './checkpoint-stores.ts'
import { openEventLog } from './event-log.ts'
import { type Corpus, hashPairs, loadCorpus } from './load-corpus.ts'
import { writeModelDescription } from './model-folder.ts'
import { checkRunFolder, claimRunFolder, recordRun, runFiles } from './run-folder.ts'
import { sortPlugins } from './sort-plugins.ts'

/** What training tells besides the events of the trainer, before those. */
export type PreparationEvent =
  | {
      readonly type: 'data'
      readonly train: number
      readonly validation: number
      readonly test: number
      readonly skippedLines: number
    }
  | { readonly type: 'tokenizer'; readonly source: number; readonly target: number; readonly shared: boolean }
  | { readonly type: 'device'; readonly chosen: string; readonly rejected: BackendSelection['rejected'] }
  | { readonly type: 'batches'; readonly perEpoch: number; readonly leftOut: LengthBuckets['leftOut'] }
  | { readonly type: 'skipped-checkpoint'; readonly path: string; readonly reason: string }

export type TrainEvent = PreparationEvent | TrainerEvent

export interface TrainOptions {
  /** Goes on with the run in the output folder; a run that has no checkpoint yet starts at its beginning. */
  readonly resume?: boolean
  /** Once aborted, the step is finished and saved. */
  readonly signal?: { readonly aborted: boolean }
  readonly onEvent?: (event: TrainEvent) => void | Promise<void>
}

export interface TrainSummary extends TrainingResult {
  /** The folder of the run; also of the model, once `best` is there. */
  readonly output: string
  readonly parameters: number
  /** Test pairs of the corpus. */
  readonly test: Corpus['test']
}

/**
 * Trains a translation model as a config says: corpus, tokenizers, model, checkpoints and log, all below its output
 * folder, where the model with the lowest validation loss stays. Throws a `ConfigError` for a bad field, a `RunError`
 * for a folder in use, and what data, backend and trainer throw.
 *
 * @example
 * const { output, best } = await train({ data: 'phrase-book', trainer: { steps: 500 } })
 * const translator = await loadTranslator(output)
 */
export async function train(config: Config, options: TrainOptions = {}): Promise<TrainSummary> {
  return trainResolved(resolveConfig(config), options)
}

/** `train` with a config that is filled in. */
export async function trainResolved(
  config: ResolvedConfig,
  options: TrainOptions = {},
): Promise<TrainSummary> {
  const { onEvent = () => {} } = options
  const { backends, parts } = sortPlugins(config.plugins)
  // Parts that cannot be a model are told of before a large corpus is read.
  composeSites(config.model, parts)
  const corpus = await loadCorpus(config.data)
  const { train, validation, test, skippedLines } = corpus
  await onEvent({
    type: 'data',
    train: train.length,
    validation: validation.length,
    test: test.length,
    skippedLines,
  })
  const device = await openDevice({ backend: config.backend, plugins: backends, folder: config.folder })
  try {
    await onEvent({ type: 'device', chosen: device.name, rejected: device.selection?.rejected ?? [] })
    const record = recordRun(config, { trainPairs: train.length, sha256: hashPairs(train) })
    if (options.resume === true) await checkRunFolder(config.output, record)
    // The same text gives the same tokenizer, so that a run that goes on needs none of its files.
    const tokenizers = trainTokenizers(train, config.tokenizer)
    await onEvent({
      type: 'tokenizer',
      source: tokenizers.source.vocabularySize,
      target: tokenizers.target.vocabularySize,
      shared: config.tokenizer.shared,
    })
    const training = createTraining(config, { device, tokenizers, corpus, parts })
    const { model, batches } = training
    await onEvent({
      type: 'batches',
      perEpoch: batches.train.batchesPerEpoch,
      leftOut: batches.train.leftOut,
    })
    // Nothing is written before everything that can be wrong with the config was tried.
    if (options.resume !== true) await claimRunFolder(config.output, record)
    const parameters = model.parameterCount()
    const description = describeModel({
      model,
      tokenizers,
      generation: config.generation,
      training: { longestSource: batches.longestSource },
    })
    await writeModelDescription(config.output, description, tokenizers)
    const result = await runTrainer(config, training, options)
    return { ...result, output: config.output, parameters, test }
  } finally {
    await device.dispose()
  }
}

async function runTrainer(
  { output }: ResolvedConfig,
  training: Training,
  { resume, signal, onEvent = () => {} }: TrainOptions,
): Promise<TrainingResult> {
  const skipped: SkippedCheckpoint[] = []
  const log = openEventLog(join(output, runFiles.log))
  const trainer = training.createTrainer({
    checkpoint: {
      store: fileCheckpoints(join(output, runFiles.checkpoints), (each) => skipped.push(each)),
      best: bestWeights(output),
    },
  })
  try {
    if (resume === true) await trainer.resume()
    for (const each of skipped) await onEvent({ type: 'skipped-checkpoint', ...each })
    trainer.onEvent((event) => log.append(event))
    trainer.onEvent((event) => onEvent(event))
    return await trainer.run(signal === undefined ? {} : { signal })
  } finally {
    await log.close()
    training.dispose()
  }
}
