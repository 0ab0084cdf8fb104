import type { DocumentField } from '../document/document-field.ts'
import { readPattern, toExpression, type Pattern } from '../document/pattern.ts'
import type { Decoder } from './decoder.ts'

/** Writes `content`, taken literally, in place of every match inside each token. */
export function replace({
  pattern,
  content,
}: {
  readonly pattern: Pattern
  readonly content: string
}): Decoder {
  const expression = toExpression(pattern)
  return {
    decode: (tokens) => tokens.map((token) => token.replace(expression, () => content)),
    toJSON: () => ({ type: 'Replace', pattern, content }),
  }
}

export function readReplace(field: DocumentField): Decoder {
  return replace({ pattern: readPattern(field.at('pattern')), content: field.at('content').string() })
}
