import type { AttentionPart, PartChoice, PartFactory } from '@qkv/attention'
import type { AttentionSites, EmbeddingSharing } from '@qkv/model-zoo'
import type { OptimizerConfig, ScheduleName, TokenizerSettings } from '@qkv/pipelines/training'
import type { BackendChoice, BackendPlugin } from '@qkv/tensor'
import type { BleuTokenizerName } from '@qkv/trainer'

export type { OptimizerConfig, ScheduleName, TokenizerSettings }

/** One tab-separated file, or two text files whose lines belong together. */
export type TextFiles =
  | string
  | {
      readonly path: string
      /** Columns count from 0; 0 unless said. */
      readonly sourceColumn?: number | undefined
      /** 1 unless said. */
      readonly targetColumn?: number | undefined
    }
  | { readonly source: string; readonly target: string }

/** `reverse` swaps the two languages. */
export type Direction = 'forward' | 'reverse'

/** Files, and the phrase book as a part of a larger corpus. */
export type TrainingText = TextFiles | { readonly corpus: 'phrase-book'; readonly seed?: number | undefined }

/** Parallel text in files; relative paths start at the folder of the config file. */
export interface FileData {
  readonly train: TrainingText | readonly TrainingText[]
  /** Files, or how many training pairs to hold out; 500, or a tenth of a small corpus, unless said. */
  readonly validation?: TextFiles | readonly TextFiles[] | number | undefined
  readonly test?: TextFiles | readonly TextFiles[] | undefined
  readonly direction?: Direction | undefined
  /** What to do with lines where one side is empty; `error` unless said. */
  readonly emptySides?: 'error' | 'skip' | undefined
}

/** The Chinese-English corpus that comes with qkv. */
export interface PhraseBookData {
  readonly corpus: 'phrase-book'
  /** Which of its corpora; 1 unless said. */
  readonly seed?: number | undefined
  /** How many training pairs to hold out; 500 unless said. */
  readonly validation?: number | undefined
  /** `forward`, Chinese to English, unless said. */
  readonly direction?: Direction | undefined
}

/** One tokenizer for both languages, or one for each. */
export type TokenizerConfig =
  | TokenizerSettings
  | { readonly source: TokenizerSettings; readonly target: TokenizerSettings }

/** The encoder-decoder of "Attention Is All You Need"; every field has a default. */
export interface ModelConfig {
  readonly type: 'transformer'
  /** 256 unless said. */
  readonly width?: number | undefined
  /** 4 unless said; must divide the width. */
  readonly heads?: number | undefined
  /** 3 unless said. */
  readonly encoderLayers?: number | undefined
  /** 3 unless said. */
  readonly decoderLayers?: number | undefined
  /** Four times the width unless said. */
  readonly innerWidth?: number | undefined
  /** `relu` unless said. */
  readonly feedForward?: string | undefined
  /** 0.1 unless said. */
  readonly dropout?: number | undefined
  /** 0 unless said. */
  readonly attentionDropout?: number | undefined
  /** `pre` unless said; the paper has `post`. */
  readonly norm?: 'pre' | 'post' | undefined
  /** True with pre-norm unless said. */
  readonly finalNorm?: boolean | undefined
  /** 1e-6 unless said. */
  readonly epsilon?: number | undefined
  /** `all` with one tokenizer, `target-and-output` with two, unless said. */
  readonly sharedEmbeddings?: EmbeddingSharing | undefined
  /** False unless said. */
  readonly outputBias?: boolean | undefined
  /** Longest source or target in tokens, 128 unless said; longer training pairs are left out and counted. */
  readonly maximumLength?: number | undefined
  /** Parts for all kinds of attention, or for each; `['scaled-dot', 'sinusoidal']` unless said. */
  readonly attention?: readonly PartChoice[] | AttentionSites | undefined
}

export type OptimizerName = OptimizerConfig['type']

/** How to train; every field has a default. */
export interface TrainerConfig {
  /** `adamw` unless said; the other fields of the value form are those of the optimizer. */
  readonly optimizer?: OptimizerName | OptimizerConfig | undefined
  /** `inverse-square-root` unless said. */
  readonly schedule?: ScheduleName | undefined
  /** The highest rate. 0.001 unless said; with `noam`, what the paper's formula gives. */
  readonly learningRate?: number | undefined
  /** Steps until the highest rate; 400 unless said. */
  readonly warmup?: number | undefined
  /** 0.1 unless said. */
  readonly labelSmoothing?: number | undefined
  /** Tokens of source and target in a batch, padding included; 2048 unless said. */
  readonly tokensPerBatch?: number | undefined
  /** Batches whose gradients make one step; 1 unless said. */
  readonly accumulate?: number | undefined
  /** Passes over the data; 10 unless said or `steps` is given. */
  readonly epochs?: number | undefined
  readonly steps?: number | undefined
  /** Largest norm of the gradients; 1 unless said, `'none'` does not clip. */
  readonly clipNorm?: number | 'none' | undefined
  /** In steps; 500 unless said. */
  readonly evaluateEvery?: number | undefined
  /** In steps; 500 unless said. */
  readonly checkpointEvery?: number | undefined
  /** Evaluations without a better loss before training stops; `'none'`, unless said, goes on to the end. */
  readonly patience?: number | 'none' | undefined
  /** Validation pairs that are translated to measure BLEU and chrF; 100 unless said, 0 for none. */
  readonly translatedPairs?: number | undefined
  /** Which evaluation gives the model that is kept: that of the lowest `loss`, unless said, or of the highest score. */
  readonly best?: 'loss' | 'bleu' | 'chrf' | undefined
  /** 1 unless said. */
  readonly seed?: number | undefined
}

/** How translations are compared with references. */
export interface EvaluationConfig {
  /** How sacreBLEU cuts text: `13a` unless said; `zh` or `char` where the target is Chinese. */
  readonly bleuTokenizer?: BleuTokenizerName | undefined
}

export interface GenerationConfig {
  /** 4 unless said; 1 takes the most probable token at each step. */
  readonly beams?: number | undefined
  /** 1 unless said. */
  readonly lengthPenalty?: number | undefined
  /** Longest translation, 64 tokens unless said. */
  readonly maximumTokens?: number | undefined
}

/** What packages outside of qkv bring: backends, and attention parts as values or factories. */
export type Plugin = BackendPlugin | AttentionPart | PartFactory

/** What `qkv.config.ts` exports. */
export interface Config {
  /** Names the run: its folder is `runs/<name>`. `translation` unless said. */
  readonly name?: string | undefined
  /** Where the run is kept; `runs/<name>` unless said. */
  readonly output?: string | undefined
  /** One backend, or several in order of preference; `cpu` unless said. */
  readonly backend?: BackendChoice | readonly BackendChoice[] | undefined
  readonly data: 'phrase-book' | PhraseBookData | FileData
  /** Byte-level BPE with 4,000 tokens for both languages unless said. */
  readonly tokenizer?: TokenizerConfig | undefined
  readonly model?: ModelConfig | undefined
  readonly trainer?: TrainerConfig | undefined
  readonly evaluation?: EvaluationConfig | undefined
  readonly generation?: GenerationConfig | undefined
  readonly plugins?: readonly Plugin[] | undefined
}
