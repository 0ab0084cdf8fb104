import type { DocumentField } from '../document/document-field.ts'
import { readPattern, toExpression, type Pattern } from '../document/pattern.ts'
import type { AlignedText, TextEdit } from '../text/aligned-text.ts'
import type { Normalizer } from './normalizer.ts'

export interface ReplaceSettings {
  readonly pattern: Pattern
  readonly content: string
}

/** Writes `content`, taken literally, in place of every match of a pattern. */
export function replace({ pattern, content }: ReplaceSettings): Normalizer {
  const expression = toExpression(pattern)
  return {
    normalize: (text) => replaceMatches(text, expression, content),
    toJSON: () => ({ type: 'Replace', pattern, content }),
  }
}

export function replaceMatches(text: AlignedText, expression: RegExp, content: string): AlignedText {
  const edits: TextEdit[] = []
  for (const match of text.text.matchAll(expression)) {
    edits.push({ from: match.index, to: match.index + match[0].length, text: content })
  }
  return text.edit(edits)
}

export function readReplace(field: DocumentField): Normalizer {
  return replace({ pattern: readPattern(field.at('pattern')), content: field.at('content').string() })
}
