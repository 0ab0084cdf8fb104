import type { DocumentField } from '../document/document-field.ts'
import { SPLIT_BEHAVIORS, splitPiece, type SplitBehavior } from '../text/split.ts'
import { PUNCTUATION } from '../text/unicode.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

/** Splits at punctuation, every ASCII sign included. */
export function punctuation({
  behavior = 'Isolated',
}: { readonly behavior?: SplitBehavior } = {}): PreTokenizer {
  return {
    preTokenize: (text) => splitPiece(text, PUNCTUATION, behavior),
    toJSON: () => ({ type: 'Punctuation', behavior }),
  }
}

export function readPunctuation(field: DocumentField): PreTokenizer {
  return punctuation({ behavior: field.at('behavior').oneOf(SPLIT_BEHAVIORS, 'Isolated') })
}
