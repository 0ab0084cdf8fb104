import type { TokenDescription } from '../tokens/describe-tokens.ts'

/** What one head did: row-major `[query, key]`. */
export interface HeadInspection {
  /** Before mask and softmax, after scale and biases. */
  readonly scores: Float32Array
  /** After softmax: each row sums to 1, or to 0 where no key is kept. */
  readonly weights: Float32Array
  /** 1 for a key that the query may attend to, as the mask of the model has it. */
  readonly mask: Uint8Array
}

/** The heads of one attention, and its sizes in tokens. */
export interface AttentionInspection {
  readonly queries: number
  readonly keys: number
  readonly heads: readonly HeadInspection[]
}

/** A token that may come next. */
export interface NextToken {
  readonly id: number
  readonly text: string
  readonly logit: number
  /** In nats. */
  readonly logProbability: number
  readonly probability: number
}

/** What the model expects after one target position. */
export interface Prediction {
  /** The most probable tokens, best first. */
  readonly candidates: readonly NextToken[]
  /** The token that follows in the translation; the end after the last. */
  readonly next: NextToken
}

/** Everything that was read from one forward pass. */
export interface TranslationInspection {
  /** What the encoder read: the tokens of the source, the end, and padding if some was asked for. */
  readonly source: readonly TokenDescription[]
  /** What the decoder read: the begin, and the tokens of the translation. */
  readonly target: readonly TokenDescription[]
  /** By layer. */
  readonly attention: {
    readonly encoder: readonly AttentionInspection[]
    readonly decoder: readonly AttentionInspection[]
    readonly cross: readonly AttentionInspection[]
  }
  /** Cross-attention as an alignment, row-major `[target, source]`. */
  readonly alignment: {
    /** The mean over the heads of each layer. */
    readonly layers: readonly Float32Array[]
    /** The mean over all heads of all layers. */
    readonly mean: Float32Array
  }
  /** L2 norm of the hidden state at each position: of the embedding first, then after each layer. */
  readonly residualNorms: {
    readonly encoder: readonly Float32Array[]
    readonly decoder: readonly Float32Array[]
  }
  /** One for each token that the decoder read. */
  readonly predictions: readonly Prediction[]
  /** Of the translation with its end, in nats. */
  readonly logProbability: number
}
