import { resolve } from 'node:path'
import type { ModelShape, TokenizerPlan, TrainerSettings, TrainingPlan } from '@qkv/pipelines/training'
import type { BackendChoice } from '@qkv/tensor'
import { checkConfig } from './check-config.ts'
import type {
  Config,
  Direction,
  ModelConfig,
  Plugin,
  TextFiles,
  TrainerConfig,
  TrainingText,
} from './config.ts'

/** Parallel text from files; paths are absolute. */
export interface ResolvedFileData {
  readonly corpus: 'files'
  readonly train: readonly TrainingText[]
  /** Files, how many training pairs to hold out, or `'auto'`: 500, or a tenth of a small corpus. */
  readonly validation: readonly TextFiles[] | number | 'auto'
  readonly test: readonly TextFiles[]
  readonly direction: Direction
  readonly emptySides: 'error' | 'skip'
}

export interface ResolvedPhraseBook {
  readonly corpus: 'phrase-book'
  readonly seed: number
  readonly validation: number
  readonly direction: Direction
}

export type ResolvedData = ResolvedFileData | ResolvedPhraseBook

/** A config with every field filled in. */
export interface ResolvedConfig extends TrainingPlan {
  readonly name: string
  /** Absolute path of the config's folder, whose packages may bring backends that it names. */
  readonly folder: string
  /** Absolute path of the run's folder. */
  readonly output: string
  readonly backend: readonly BackendChoice[]
  readonly data: ResolvedData
  readonly plugins: readonly Plugin[]
}

export interface ResolveOptions {
  /** What relative paths start at; the current folder unless said. */
  readonly folder?: string
  /** Named in errors. */
  readonly source?: string
}

const defaultVocabularySize = 4000

/**
 * Checks a config and fills in the defaults. Throws a `ConfigError` for a bad field.
 *
 * @example
 * resolveConfig({ data: 'phrase-book' }).model.width // 256
 */
export function resolveConfig(config: Config, options: ResolveOptions = {}): ResolvedConfig {
  const { folder = '.', source = 'config' } = options
  const { name = 'translation', backend = 'cpu', ...rest } = checkConfig(config, source)
  const tokenizer = resolveTokenizer(rest.tokenizer)
  return {
    name,
    folder: resolve(folder),
    output: resolve(folder, rest.output ?? `runs/${name}`),
    backend: Array.isArray(backend) ? backend : [backend as BackendChoice],
    data: resolveData(rest.data, folder),
    tokenizer,
    model: resolveModel(rest.model, tokenizer.shared),
    trainer: resolveTrainer(rest.trainer),
    evaluation: { bleuTokenizer: rest.evaluation?.bleuTokenizer ?? '13a' },
    generation: {
      beams: rest.generation?.beams ?? 4,
      lengthPenalty: rest.generation?.lengthPenalty ?? 1,
      maximumTokens: rest.generation?.maximumTokens ?? 64,
    },
    plugins: rest.plugins ?? [],
  }
}

function resolveTokenizer(tokenizer: Config['tokenizer']): TokenizerPlan {
  if (tokenizer !== undefined && 'source' in tokenizer) return { shared: false, ...tokenizer }
  const settings = tokenizer ?? { type: 'byte-level-bpe', vocabularySize: defaultVocabularySize }
  return { shared: true, source: settings, target: settings }
}

function resolveData(data: Config['data'], folder: string): ResolvedData {
  if (data === 'phrase-book' || 'corpus' in data) {
    const { seed = 1, validation = 500, direction = 'forward' } = data === 'phrase-book' ? {} : data
    return { corpus: 'phrase-book', seed, validation, direction }
  }
  const { validation = 'auto', test, direction = 'forward', emptySides = 'error' } = data
  return {
    corpus: 'files',
    train: resolveFiles(data.train, folder),
    validation:
      typeof validation === 'number' || validation === 'auto' ? validation : resolveFiles(validation, folder),
    test: test === undefined ? [] : resolveFiles(test, folder),
    direction,
    emptySides,
  }
}

/** Files with absolute paths, so that a run can be taken up from any folder. */
export function resolveFiles<Text extends TrainingText>(
  files: Text | readonly Text[],
  folder: string,
): readonly Text[] {
  const several: readonly TrainingText[] = Array.isArray(files) ? files : [files]
  return several.map((each): TrainingText => {
    if (typeof each === 'string') return resolve(folder, each)
    if ('corpus' in each) return each
    if ('path' in each) return { ...each, path: resolve(folder, each.path) }
    return { source: resolve(folder, each.source), target: resolve(folder, each.target) }
  }) as readonly TrainingText[] as readonly Text[]
}

function resolveModel(model: ModelConfig | undefined, shared: boolean): ModelShape {
  const { width = 256, norm = 'pre' } = model ?? {}
  return {
    width,
    heads: model?.heads ?? 4,
    encoderLayers: model?.encoderLayers ?? 3,
    decoderLayers: model?.decoderLayers ?? 3,
    innerWidth: model?.innerWidth ?? 4 * width,
    feedForward: model?.feedForward ?? 'relu',
    dropout: model?.dropout ?? 0.1,
    attentionDropout: model?.attentionDropout ?? 0,
    norm,
    finalNorm: model?.finalNorm ?? norm === 'pre',
    epsilon: model?.epsilon ?? 1e-6,
    sharedEmbeddings: model?.sharedEmbeddings ?? (shared ? 'all' : 'target-and-output'),
    outputBias: model?.outputBias ?? false,
    maximumLength: model?.maximumLength ?? 128,
    attention: model?.attention ?? ['scaled-dot', 'sinusoidal'],
  }
}

function resolveTrainer(trainer: TrainerConfig = {}): TrainerSettings {
  const { optimizer = 'adamw', schedule = 'inverse-square-root', steps, epochs = 10 } = trainer
  return {
    optimizer: typeof optimizer === 'string' ? { type: optimizer } : optimizer,
    schedule,
    learningRate: trainer.learningRate ?? (schedule === 'noam' ? 'by-formula' : 1e-3),
    warmup: trainer.warmup ?? 400,
    labelSmoothing: trainer.labelSmoothing ?? 0.1,
    tokensPerBatch: trainer.tokensPerBatch ?? 2048,
    accumulate: trainer.accumulate ?? 1,
    length: steps === undefined ? { epochs } : { steps },
    clipNorm: trainer.clipNorm ?? 1,
    evaluateEvery: trainer.evaluateEvery ?? 500,
    checkpointEvery: trainer.checkpointEvery ?? 500,
    patience: trainer.patience ?? 'none',
    translatedPairs: trainer.translatedPairs ?? 100,
    best: trainer.best ?? 'loss',
    seed: trainer.seed ?? 1,
  }
}
