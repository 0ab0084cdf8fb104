import type { TransformerConfig } from '@qkv/model-zoo'
import type { StoredAttention } from './stored-attention.ts'

/** How the linear layers of a model are stored in fewer bits. */
export interface StoredQuantization {
  readonly bits: 8
  /** Columns that share a scale; `null` for one scale per row. */
  readonly blockSize: number | null
}

/** How a model searches for translations unless a call says otherwise. */
export interface GenerationSettings {
  readonly beams: number
  /** 0 prefers short translations, 1 takes the mean per token. */
  readonly lengthPenalty: number
  /** Longest translation in tokens. */
  readonly maximumTokens: number
}

/** What the model saw while it was trained: beyond it, translations get worse. */
export interface TrainingRecord {
  /** Tokens of the longest source sentence, the end included. */
  readonly longestSource: number
}

/** What `config.json` of a stored model holds. */
export interface ModelDescription {
  readonly format: 'qkv-model'
  readonly version: 1
  readonly type: 'transformer'
  readonly model: Omit<TransformerConfig, 'attention'> & { readonly attention: StoredAttention }
  /** File names of the tokenizers; the same for both languages where they share one. */
  readonly tokenizers: { readonly source: string; readonly target: string }
  readonly generation: GenerationSettings
  /** Absent where no weight has 8 bits. */
  readonly quantization?: StoredQuantization | undefined
  /** Absent in models from before it was recorded. */
  readonly training?: TrainingRecord | undefined
}
