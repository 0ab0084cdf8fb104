import { compilePattern, literalPattern } from '../text/regular-expression.ts'
import type { DocumentField } from './document-field.ts'

/** A pattern of tokenizer.json: a literal text, or a regular expression in Oniguruma's syntax. */
export type Pattern = { readonly String: string } | { readonly Regex: string }

export function readPattern(field: DocumentField): Pattern {
  const literal = field.at('String')
  return literal.isAbsent ? { Regex: field.at('Regex').string() } : { String: literal.string() }
}

/** The pattern as a global JavaScript expression. */
export function toExpression(pattern: Pattern): RegExp {
  return 'Regex' in pattern ? compilePattern(pattern.Regex) : literalPattern(pattern.String)
}
