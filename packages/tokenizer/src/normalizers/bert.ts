import type { DocumentField } from '../document/document-field.ts'
import { editCharacters, type AlignedText } from '../text/aligned-text.ts'
import { WHITE_SPACE } from '../text/unicode.ts'
import { lowercaseText } from './lowercase.ts'
import type { Normalizer } from './normalizer.ts'
import { removeCharacters } from './strip-accents.ts'
import { unicodeFormEdits } from './unicode-form.ts'

export interface BertNormalizerSettings {
  /** Drop control characters and U+FFFD, and write every white space as a blank. */
  readonly cleanText?: boolean
  /** Put blanks around each CJK ideograph, which makes it a word of its own. */
  readonly handleChineseCharacters?: boolean
  /** Remove accents; follows `lowercase` when left out, as BERT does. */
  readonly stripAccents?: boolean
  readonly lowercase?: boolean
}

// Unassigned code points stay: only Cc, Cf and Co are dropped.
const DROPPED = /^[\0\uFFFD\p{Cc}\p{Cf}\p{Co}]$/u
const NONSPACING_MARK = /^\p{Mn}$/u
const IDEOGRAPH =
  /^[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]$/u

/** BERT's text clean-up. Source: Devlin et al. 2018 and its `tokenization.py`. */
export function bertNormalizer(settings: BertNormalizerSettings = {}): Normalizer {
  const { cleanText = true, handleChineseCharacters = true, lowercase = true } = settings
  return {
    normalize(text: AlignedText): AlignedText {
      let result = text
      if (cleanText) result = result.edit(editCharacters(result.text, cleanCharacter))
      if (handleChineseCharacters) {
        result = result.edit(editCharacters(result.text, (one) => (IDEOGRAPH.test(one) ? ` ${one} ` : one)))
      }
      if (settings.stripAccents ?? lowercase) {
        result = removeCharacters(result.edit(unicodeFormEdits(result.text, 'NFD')), NONSPACING_MARK)
      }
      return lowercase ? lowercaseText(result) : result
    },
    toJSON: () => ({
      type: 'BertNormalizer',
      clean_text: cleanText,
      handle_chinese_chars: handleChineseCharacters,
      strip_accents: settings.stripAccents ?? null,
      lowercase,
    }),
  }
}

function cleanCharacter(character: string): string {
  // Of the control characters that are white space, only these three become a blank; the others are dropped.
  if ('\t\n\r'.includes(character)) return ' '
  if (DROPPED.test(character)) return ''
  return WHITE_SPACE.test(character) ? ' ' : character
}

export function readBertNormalizer(field: DocumentField): Normalizer {
  const accents = field.at('strip_accents')
  return bertNormalizer({
    cleanText: field.at('clean_text').boolean(true),
    handleChineseCharacters: field.at('handle_chinese_chars').boolean(true),
    lowercase: field.at('lowercase').boolean(true),
    ...(accents.isAbsent ? {} : { stripAccents: accents.boolean() }),
  })
}
