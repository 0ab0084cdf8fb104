import type { DocumentField } from '../document/document-field.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import type { Normalizer } from './normalizer.ts'

export interface StripSettings {
  readonly left?: boolean
  readonly right?: boolean
}

/** Removes white space from the two ends, or from one. */
export function strip({ left = true, right = true }: StripSettings = {}): Normalizer {
  return {
    normalize(text: AlignedText): AlignedText {
      const from = left ? /^\p{White_Space}*/u.exec(text.text)![0].length : 0
      return text.slice(from, right ? endWithoutBlanks(text.text, from) : text.length)
    },
    toJSON: () => ({ type: 'Strip', strip_left: left, strip_right: right }),
  }
}

/** A loop, since a pattern anchored at the end would try every run of blanks inside the text. */
function endWithoutBlanks(text: string, from: number): number {
  let end = text.length
  while (end > from && /\p{White_Space}/u.test(text[end - 1]!)) end--
  return end
}

export function readStrip(field: DocumentField): Normalizer {
  return strip({
    left: field.at('strip_left').boolean(true),
    right: field.at('strip_right').boolean(true),
  })
}
