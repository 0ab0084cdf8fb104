import type { Stage } from '../document/stage.ts'

/** A token of one word: its units `[start, end)` in that word, by UTF-16. */
export interface ModelToken {
  readonly id: number
  readonly token: string
  readonly start: number
  readonly end: number
}

/** Random segmentation, for training only: a model sees rarer pieces, and becomes robust against other spellings. */
export interface MergeDropout {
  /** The probability that a possible merge is passed over, from 0 to below 1; 0.1 in the paper. */
  readonly rate: number
  /** Gives numbers from 0 to below 1. */
  random(): number
}

/** Turns words into tokens, by a vocabulary of its own. */
export interface Model extends Stage {
  readonly vocabulary: Vocabulary
  tokenize(word: string): readonly ModelToken[]
  /** `tokenize` with BPE-dropout; absent where the model does not merge. */
  tokenizeAtRandom?(word: string, dropout: MergeDropout): readonly ModelToken[]
}

/** Tokens and their ids, both ways. */
export interface Vocabulary {
  /** One more than the highest id. */
  readonly size: number
  idOf(token: string): number | undefined
  tokenOf(id: number): string | undefined
}
