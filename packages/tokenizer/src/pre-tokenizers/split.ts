import type { DocumentField } from '../document/document-field.ts'
import { readPattern, toExpression, type Pattern } from '../document/pattern.ts'
import { SPLIT_BEHAVIORS, splitPiece, type SplitBehavior } from '../text/split.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

export interface SplitSettings {
  readonly pattern: Pattern
  readonly behavior: SplitBehavior
  /** Take what lies between the matches for the delimiters. */
  readonly invert?: boolean
}

/** Splits at the matches of a pattern. */
export function split({ pattern, behavior, invert = false }: SplitSettings): PreTokenizer {
  const expression = toExpression(pattern)
  return {
    preTokenize: (text) => splitPiece(text, expression, behavior, invert),
    toJSON: () => ({ type: 'Split', pattern, behavior, invert }),
  }
}

export function readSplit(field: DocumentField): PreTokenizer {
  return split({
    pattern: readPattern(field.at('pattern')),
    behavior: field.at('behavior').oneOf(SPLIT_BEHAVIORS),
    invert: field.at('invert').boolean(false),
  })
}
