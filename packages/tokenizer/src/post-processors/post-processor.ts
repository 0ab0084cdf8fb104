import type { Stage } from '../document/stage.ts'
import type { Encoding } from '../encoding/encoding.ts'

/** Completes encodings, most often by tokens that mark the beginning and the end. */
export interface PostProcessor extends Stage {
  /** How many tokens it adds to one text, or to a pair. */
  addedTokens(isPair: boolean): number
  /** Takes one encoding, or the two of a pair, and gives the parts whose concatenation is the result. */
  process(encodings: readonly Encoding[], addSpecialTokens: boolean): readonly Encoding[]
}
