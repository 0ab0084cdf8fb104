import type { Stage } from '../document/stage.ts'

/** Turns the tokens of a text back into pieces of text, whose concatenation is the result or goes to the next decoder. */
export interface Decoder extends Stage {
  decode(tokens: readonly string[]): readonly string[]
}
