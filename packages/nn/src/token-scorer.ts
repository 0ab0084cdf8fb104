import type { Tensor } from '@qkv/tensor'

/**
 * Scores for the next token of some sequences, extended step by step. Models make them; `@qkv/generation` searches
 * over them. Keys and values of earlier tokens are kept inside.
 */
export interface TokenScorer {
  readonly vocabularySize: number
  /** Takes in the next tokens of every sequence, equally many each; returns logits `[sequences, vocabulary]`. */
  advance(tokens: readonly (readonly number[])[]): Tensor
  /** Goes on with the sequences of these rows, which may repeat or be left out. */
  select(rows: readonly number[]): void
  dispose(): void
}
