import type { DocumentField } from '../document/document-field.ts'
import type { Normalizer } from './normalizer.ts'

/** Puts a text before the first character; an empty text stays empty. */
export function prepend(prefix: string): Normalizer {
  return {
    normalize: (text) => text.prepend(prefix),
    toJSON: () => ({ type: 'Prepend', prepend: prefix }),
  }
}

export function readPrepend(field: DocumentField): Normalizer {
  return prepend(field.at('prepend').string())
}
