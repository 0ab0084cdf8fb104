export interface BertConfig {
  readonly vocabularySize: number
  /** Longest sequence in tokens: the size of the table of positions. */
  readonly maximumLength: number
  /** How many kinds of segments there are: 2 for pairs of sentences. */
  readonly segments: number
  readonly width: number
  readonly heads: number
  readonly layers: number
  /** Width inside the feed-forward networks. */
  readonly innerWidth: number
  readonly epsilon: number
  readonly dropout: number
  readonly attentionDropout: number
}

/** BERT base, uncased: 110 M parameters with the heads of its pretraining. */
export function bertBase(): BertConfig {
  return {
    vocabularySize: 30522,
    maximumLength: 512,
    segments: 2,
    width: 768,
    heads: 12,
    layers: 12,
    innerWidth: 3072,
    epsilon: 1e-12,
    dropout: 0.1,
    attentionDropout: 0.1,
  }
}
