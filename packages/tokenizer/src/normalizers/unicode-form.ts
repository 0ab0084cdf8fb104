import type { AlignedText, TextEdit } from '../text/aligned-text.ts'
import type { Normalizer } from './normalizer.ts'

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

/** One of the four Unicode normalization forms (UAX 15); a changed character is aligned with all that it was made of. */
export function unicodeForm(form: UnicodeForm): Normalizer {
  return {
    normalize(text: AlignedText): AlignedText {
      return text.edit(unicodeFormEdits(text.text, form))
    },
    toJSON: () => ({ type: form }),
  }
}

/** The smallest changes that bring a text into a form: one per run of characters that act on each other. */
export function unicodeFormEdits(text: string, form: UnicodeForm): TextEdit[] {
  if (text.normalize(form) === text) return []
  const edits: TextEdit[] = []
  let from = 0
  let run = ''
  let normalizedRun = ''
  const finishRun = (): void => {
    if (normalizedRun !== run) edits.push({ from, to: from + run.length, text: normalizedRun })
    from += run.length
  }
  for (const character of text) {
    const joined = (run + character).normalize(form)
    const normalized = character.normalize(form)
    if (run === '' || /^\p{M}/u.test(normalized) || joined !== normalizedRun + normalized) {
      run += character
      normalizedRun = joined
    } else {
      finishRun()
      run = character
      normalizedRun = normalized
    }
  }
  finishRun()
  return edits
}
