import type { DocumentField } from '../document/document-field.ts'

export interface SpecialToken {
  readonly token: string
  readonly id: number
}

/** Reads the form `["[SEP]", 102]`. */
export function readSpecialToken(field: DocumentField): SpecialToken {
  const [token, id] = field.list()
  if (token === undefined || id === undefined) field.reject('a token and its id')
  return { token: token.string(), id: id.count() }
}
