export interface Gpt2Config {
  readonly vocabularySize: number
  /** Longest sequence in tokens: the size of the table of positions. */
  readonly maximumLength: number
  readonly width: number
  readonly heads: number
  readonly layers: number
  readonly epsilon: number
  readonly dropout: number
  readonly attentionDropout: number
  readonly endId: number
}

/** GPT-2 small: 124 M parameters. */
export function gpt2Small(): Gpt2Config {
  return {
    vocabularySize: 50257,
    maximumLength: 1024,
    width: 768,
    heads: 12,
    layers: 12,
    epsilon: 1e-5,
    dropout: 0.1,
    attentionDropout: 0.1,
    endId: 50256,
  }
}
