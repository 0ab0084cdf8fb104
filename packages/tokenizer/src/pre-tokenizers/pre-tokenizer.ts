import type { Stage } from '../document/stage.ts'
import type { AlignedText } from '../text/aligned-text.ts'

/** Cuts normalized text into the words that the model then works on one by one; empty pieces are left out. */
export interface PreTokenizer extends Stage {
  preTokenize(text: AlignedText): readonly AlignedText[]
}
