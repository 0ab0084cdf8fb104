import type { Stage } from '../document/stage.ts'

/** A token of one word: its units `[start, end)` in that word, by UTF-16. */
export interface ModelToken {
  readonly id: number
  readonly token: string
  readonly start: number
  readonly end: number
}

/** Turns words into tokens, by a vocabulary of its own. */
export interface Model extends Stage {
  readonly vocabulary: Vocabulary
  tokenize(word: string): readonly ModelToken[]
}

/** Tokens and their ids, both ways. */
export interface Vocabulary {
  /** One more than the highest id. */
  readonly size: number
  idOf(token: string): number | undefined
  tokenOf(id: number): string | undefined
}
