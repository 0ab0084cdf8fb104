import { join } from 'node:path'
import type { SkippedCheckpoint } from '@qkv/checkpoints/files'
import { createLengthBuckets, type LengthBuckets } from '@qkv/data'
import { Transformer } from '@qkv/model-zoo'
import { storeAttention, type Tokenizers } from '@qkv/pipelines'
import { type BackendSelection, type Device, RandomStream } from '@qkv/tensor'
import { Trainer, type TrainerEvent, type TrainingResult } from '@qkv/trainer'
import type { Config } from '../config/config.ts'
import { resolveConfig, type ResolvedConfig } from '../config/resolve-config.ts'
import { openDevice } from '../presets.ts'
import { bestWeights, fileCheckpoints } from './checkpoint-stores.ts'
import { createEvaluator } from './create-evaluator.ts'
import { createOptimizer } from './create-optimizer.ts'
import { createSchedule } from './create-schedule.ts'
import { openEventLog } from './event-log.ts'
import { type Corpus, hashPairs, loadCorpus } from './load-corpus.ts'
import { modelConfigOf } from './model-config.ts'
import { tokenizerFiles, writeModelDescription } from './model-folder.ts'
import { checkRunFolder, claimRunFolder, recordRun, runFiles } from './run-folder.ts'
import { sortPlugins } from './sort-plugins.ts'
import { encodeAtRandom, encodePairs, trainTokenizers } from './tokenizers.ts'
import { translationLoss } from './translation-loss.ts'

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
  const corpus = await loadCorpus(config.data)
  const { train, validation, test, skippedLines } = corpus
  await onEvent({
    type: 'data',
    train: train.length,
    validation: validation.length,
    test: test.length,
    skippedLines,
  })
  const device = await openDevice({ backend: config.backend, plugins: backends })
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
    const modelConfig = modelConfigOf(config.model, tokenizers)
    const random = new RandomStream(config.trainer.seed)
    const model = new Transformer({ device, random }, modelConfig, parts)
    const batches = createBatches(config, tokenizers, corpus)
    await onEvent({
      type: 'batches',
      perEpoch: batches.train.batchesPerEpoch,
      leftOut: batches.train.leftOut,
    })
    // Nothing is written before everything that can be wrong with the config was tried.
    if (options.resume !== true) await claimRunFolder(config.output, record)
    const stored = { ...modelConfig, attention: storeAttention(modelConfig.attention) }
    await writeModelDescription(
      config.output,
      {
        format: 'qkv-model',
        version: 1,
        type: 'transformer',
        model: stored,
        tokenizers: tokenizerFiles(tokenizers),
        generation: config.generation,
        training: { longestSource: batches.longestSource },
      },
      tokenizers,
    )
    const result = await runTrainer(config, { device, model, random, tokenizers, corpus, batches }, options)
    return { ...result, output: config.output, parameters: model.parameterCount(), test }
  } finally {
    await device.dispose()
  }
}

interface Batches {
  readonly train: LengthBuckets
  readonly validation: LengthBuckets
  /** In tokens, of the pairs that fit the model. */
  readonly longestSource: number
}

interface Parts {
  readonly device: Device
  readonly model: Transformer
  readonly random: RandomStream
  readonly tokenizers: Tokenizers
  readonly corpus: Corpus
  readonly batches: Batches
}

function createBatches(config: ResolvedConfig, tokenizers: Tokenizers, corpus: Corpus): Batches {
  const { trainer, model } = config
  const settings = {
    tokensPerBatch: trainer.tokensPerBatch,
    maximumLength: model.maximumLength,
    paddingId: modelConfigOf(model, tokenizers).paddingId,
    seed: trainer.seed,
  }
  const variantOf = encodeAtRandom(tokenizers, corpus.train, config.tokenizer)
  const pairs = encodePairs(tokenizers, corpus.train)
  const { maximumLength } = model
  const longestSource = pairs
    .filter(({ source, target }) => source.length <= maximumLength && target.length <= maximumLength)
    .reduce((longest, { source }) => Math.max(longest, source.length), 1)
  return {
    longestSource,
    train: createLengthBuckets(pairs, {
      ...settings,
      ...(variantOf && { variantOf }),
    }),
    validation: createLengthBuckets(encodePairs(tokenizers, corpus.validation), settings),
  }
}

async function runTrainer(
  config: ResolvedConfig,
  { model, random, tokenizers, corpus, batches }: Parts,
  { resume, signal, onEvent = () => {} }: TrainOptions,
): Promise<TrainingResult> {
  const { trainer: settings, output } = config
  const { labelSmoothing, accumulate, clipNorm, patience } = settings
  const epochs = 'epochs' in settings.length ? settings.length.epochs : undefined
  const steps =
    epochs === undefined
      ? (settings.length as { steps: number }).steps
      : Math.ceil((epochs * batches.train.batchesPerEpoch) / accumulate)
  const skipped: SkippedCheckpoint[] = []
  const optimizer = createOptimizer(settings.optimizer, model.parameters())
  const log = openEventLog(join(output, runFiles.log))
  const trainer = new Trainer({
    model,
    optimizer,
    schedule: createSchedule(settings, { steps, width: config.model.width }),
    lossOf: (batch, model) => translationLoss(batch, model, { labelSmoothing }),
    batches: batches.train,
    random,
    ...(epochs === undefined ? { steps } : { epochs }),
    accumulate,
    ...(clipNorm !== 'none' && { clipNorm }),
    evaluate: {
      every: settings.evaluateEvery,
      evaluator: createEvaluator({
        batches: batches.validation,
        pairs: corpus.validation.slice(0, settings.translatedPairs),
        tokenizers,
        generation: config.generation,
        bleuTokenizer: config.evaluation.bleuTokenizer,
      }),
    },
    checkpoint: {
      every: settings.checkpointEvery,
      store: fileCheckpoints(join(output, runFiles.checkpoints), (each) => skipped.push(each)),
      best: bestWeights(output),
    },
    earlyStopping: { metric: settings.best, patience: patience === 'none' ? Infinity : patience },
  })
  try {
    if (resume === true) await trainer.resume()
    for (const each of skipped) await onEvent({ type: 'skipped-checkpoint', ...each })
    trainer.onEvent((event) => log.append(event))
    trainer.onEvent((event) => onEvent(event))
    return await trainer.run(signal === undefined ? {} : { signal })
  } finally {
    await log.close()
    optimizer.dispose()
    model.dispose()
  }
}
