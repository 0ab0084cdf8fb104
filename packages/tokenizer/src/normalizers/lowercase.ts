import { editCharacters, type AlignedText } from '../text/aligned-text.ts'
import type { Normalizer } from './normalizer.ts'

/** Lower case, character by character: a final sigma does not depend on its place in the word. */
export function lowercase(): Normalizer {
  return {
    normalize: lowercaseText,
    toJSON: () => ({ type: 'Lowercase' }),
  }
}

export function lowercaseText(text: AlignedText): AlignedText {
  return text.edit(editCharacters(text.text, (character) => character.toLowerCase()))
}
