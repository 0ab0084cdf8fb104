import type { Stage } from '../document/stage.ts'
import type { AlignedText } from '../text/aligned-text.ts'

/** Rewrites text before it is split, keeping track of where everything came from. */
export interface Normalizer extends Stage {
  normalize(text: AlignedText): AlignedText
}
