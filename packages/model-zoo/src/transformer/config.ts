import type { NormPlacement, PartChoice } from '@qkv/attention'

/** The parts of each kind of attention in the model. */
export interface AttentionSites {
  readonly encoder: readonly PartChoice[]
  readonly decoder: readonly PartChoice[]
  readonly cross: readonly PartChoice[]
}

/** Which weights are one: none, the target embedding and the output, or these and the source embedding. */
export type EmbeddingSharing = 'none' | 'target-and-output' | 'all'

export interface TransformerConfig {
  readonly sourceVocabularySize: number
  readonly targetVocabularySize: number
  readonly width: number
  readonly heads: number
  readonly encoderLayers: number
  readonly decoderLayers: number
  /** Width inside the feed-forward networks. */
  readonly innerWidth: number
  /** Name of the feed-forward network, such as `relu`, `gelu`, `swiglu` or `convolutional`. */
  readonly feedForward: string
  /** Share of the hidden state that is dropped in training. */
  readonly dropout: number
  /** Share of the attention weights that is dropped in training. */
  readonly attentionDropout: number
  readonly norm: NormPlacement
  /** A normalisation after the last layer; pre-norm models need it, the paper's post-norm has none. */
  readonly finalNorm: boolean
  readonly epsilon: number
  readonly sharedEmbeddings: EmbeddingSharing
  readonly outputBias: boolean
  /** Longest source or target in tokens. */
  readonly maximumLength: number
  /**
   * A plain list is self-attention everywhere, and cross-attention without what speaks of one sequence: positions, and
   * parts that only work where queries and keys are of one input; `scaled-dot` scores there if no other part does.
   * `padding`, `dropout` and, in the decoder, `causal` are added by the model.
   */
  readonly attention: readonly PartChoice[] | AttentionSites
  readonly paddingId: number
  readonly beginId: number
  readonly endId: number
}

const paper = {
  feedForward: 'relu',
  attentionDropout: 0,
  norm: 'post',
  finalNorm: false,
  epsilon: 1e-6,
  sharedEmbeddings: 'all',
  outputBias: false,
  maximumLength: 512,
  attention: ['scaled-dot', 'sinusoidal'],
  paddingId: 0,
  beginId: 1,
  endId: 2,
} as const satisfies Partial<TransformerConfig>

/** The vocabulary of the paper's English-German models: about 37,000 shared pieces. */
export const paperVocabularySize = 37000

/** The paper's base model: 63 M parameters at its vocabulary, which table 3 rounds to 65 M. */
export function transformerBase(vocabularySize: number = paperVocabularySize): TransformerConfig {
  return {
    ...paper,
    sourceVocabularySize: vocabularySize,
    targetVocabularySize: vocabularySize,
    width: 512,
    heads: 8,
    encoderLayers: 6,
    decoderLayers: 6,
    innerWidth: 2048,
    dropout: 0.1,
  }
}

/** The paper's big model: 214 M parameters at its vocabulary, 213 M in table 3. */
export function transformerBig(vocabularySize: number = paperVocabularySize): TransformerConfig {
  return { ...transformerBase(vocabularySize), width: 1024, heads: 16, innerWidth: 4096, dropout: 0.3 }
}
