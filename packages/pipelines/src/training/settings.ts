import type { PartChoice } from '@qkv/attention'
import type { AttentionSites, EmbeddingSharing } from '@qkv/model-zoo'
import type { BleuTokenizerName } from '@qkv/trainer'
import type { GenerationSettings } from '../model/model-description.ts'

/** Byte-level BPE: any text can be written, frequent words are one token. */
export interface ByteLevelBpeSettings {
  readonly type: 'byte-level-bpe'
  /** At least 259: 256 bytes and three special tokens. */
  readonly vocabularySize: number
  /** BPE-dropout while training: the probability that a merge is passed over; 0 unless said, 0.1 helps small corpora. */
  readonly dropout?: number | undefined
}

/** One token per character, for Chinese: those that occur once or never are `<unk>`. */
export interface CharacterLevelSettings {
  readonly type: 'character-level'
  /** At least 5: four special tokens and a character. */
  readonly vocabularySize: number
}

export type TokenizerSettings = ByteLevelBpeSettings | CharacterLevelSettings

/** Which tokenizers to train. */
export interface TokenizerPlan {
  /** Whether both languages have one tokenizer: `source` then tells of both. */
  readonly shared: boolean
  readonly source: TokenizerSettings
  readonly target: TokenizerSettings
}

/** The shape of a model; vocabulary sizes and special ids come from the tokenizers. */
export interface ModelShape {
  readonly width: number
  readonly heads: number
  readonly encoderLayers: number
  readonly decoderLayers: number
  readonly innerWidth: number
  readonly feedForward: string
  readonly dropout: number
  readonly attentionDropout: number
  readonly norm: 'pre' | 'post'
  readonly finalNorm: boolean
  readonly epsilon: number
  readonly sharedEmbeddings: EmbeddingSharing
  readonly outputBias: boolean
  readonly maximumLength: number
  readonly attention: readonly PartChoice[] | AttentionSites
}

export type OptimizerConfig =
  | {
      readonly type: 'adamw'
      readonly beta1?: number | undefined
      readonly beta2?: number | undefined
      readonly epsilon?: number | undefined
      readonly weightDecay?: number | undefined
    }
  | {
      readonly type: 'adam'
      readonly beta1?: number | undefined
      readonly beta2?: number | undefined
      readonly epsilon?: number | undefined
    }
  | {
      readonly type: 'sgd'
      readonly momentum?: number | undefined
      readonly nesterov?: boolean | undefined
      readonly weightDecay?: number | undefined
    }
  | {
      readonly type: 'lion'
      readonly beta1?: number | undefined
      readonly beta2?: number | undefined
      readonly weightDecay?: number | undefined
    }

export type ScheduleName = 'noam' | 'inverse-square-root' | 'cosine' | 'linear' | 'constant'

/** How to train: what a config says in `trainer`, with every field filled in. */
export interface TrainerSettings {
  readonly optimizer: OptimizerConfig
  readonly schedule: ScheduleName
  /** The highest rate, or that of the paper's formula. */
  readonly learningRate: number | 'by-formula'
  /** In steps. */
  readonly warmup: number
  readonly labelSmoothing: number
  /** Tokens of source and target in a batch, padding included. */
  readonly tokensPerBatch: number
  /** Batches whose gradients make one step. */
  readonly accumulate: number
  readonly length: { readonly epochs: number } | { readonly steps: number }
  readonly clipNorm: number | 'none'
  /** In steps. */
  readonly evaluateEvery: number
  /** In steps. */
  readonly checkpointEvery: number
  /** Evaluations without a better figure before training stops. */
  readonly patience: number | 'none'
  /** Validation pairs that are translated to measure BLEU, chrF and exact match. */
  readonly translatedPairs: number
  readonly best: 'loss' | 'bleu' | 'chrf'
  readonly seed: number
}

/** All that decides what a training of a translation model computes, besides its text and where it runs. */
export interface TrainingPlan {
  readonly tokenizer: TokenizerPlan
  readonly model: ModelShape
  readonly trainer: TrainerSettings
  readonly evaluation: { readonly bleuTokenizer: BleuTokenizerName }
  readonly generation: GenerationSettings
}
