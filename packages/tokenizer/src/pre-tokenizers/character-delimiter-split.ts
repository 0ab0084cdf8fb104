import type { DocumentField } from '../document/document-field.ts'
import { literalPattern } from '../text/regular-expression.ts'
import { splitPiece } from '../text/split.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

/** Splits at one character, which is dropped. */
export function characterDelimiterSplit(delimiter: string): PreTokenizer {
  const expression = literalPattern(delimiter)
  return {
    preTokenize: (text) => splitPiece(text, expression, 'Removed'),
    toJSON: () => ({ type: 'CharDelimiterSplit', delimiter }),
  }
}

export function readCharacterDelimiterSplit(field: DocumentField): PreTokenizer {
  return characterDelimiterSplit(field.at('delimiter').string())
}
