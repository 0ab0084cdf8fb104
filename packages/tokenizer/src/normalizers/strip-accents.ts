import { editCharacters, type AlignedText } from '../text/aligned-text.ts'
import type { Normalizer } from './normalizer.ts'

const MARK = /^\p{M}$/u

/** Removes all combining marks; put NFD before it, so that accents stand alone. */
export function stripAccents(): Normalizer {
  return {
    normalize: (text) => removeCharacters(text, MARK),
    toJSON: () => ({ type: 'StripAccents' }),
  }
}

export function removeCharacters(text: AlignedText, pattern: RegExp): AlignedText {
  return text.edit(editCharacters(text.text, (character) => (pattern.test(character) ? '' : character)))
}
