import type { DocumentField } from '../document/document-field.ts'
import { readMetaspaceSettings, type MetaspaceSettings } from '../document/metaspace-settings.ts'
import { replaceMatches } from '../normalizers/replace.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { literalPattern } from '../text/regular-expression.ts'
import { splitPiece } from '../text/split.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

const BLANK = / /gu

/** SentencePiece's way with blanks: they become a visible character that leads its word. Source: Kudo & Richardson 2018. */
export function metaspace(settings: MetaspaceSettings = {}): PreTokenizer {
  const { replacement = '▁', prependScheme = 'always', split = true } = settings
  const boundary = literalPattern(replacement)
  return {
    preTokenize(text: AlignedText): readonly AlignedText[] {
      if (text.length === 0) return []
      let marked = replaceMatches(text, BLANK, replacement)
      const mayPrepend = prependScheme === 'always' || (prependScheme === 'first' && text.startOf(0) === 0)
      if (mayPrepend && !marked.text.startsWith(replacement)) marked = marked.prepend(replacement)
      return split ? splitPiece(marked, boundary, 'MergedWithNext') : [marked]
    },
    toJSON: () => ({ type: 'Metaspace', replacement, prepend_scheme: prependScheme, split }),
  }
}

export function readMetaspace(field: DocumentField): PreTokenizer {
  return metaspace(readMetaspaceSettings(field))
}
