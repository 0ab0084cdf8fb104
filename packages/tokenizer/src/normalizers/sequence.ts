import type { DocumentField } from '../document/document-field.ts'
import type { Normalizer } from './normalizer.ts'

/** Several normalizers, one after another. */
export function sequence(normalizers: readonly Normalizer[]): Normalizer {
  return {
    normalize: (text) => normalizers.reduce((result, normalizer) => normalizer.normalize(result), text),
    toJSON: () => ({ type: 'Sequence', normalizers: normalizers.map((normalizer) => normalizer.toJSON()) }),
  }
}

export function readSequence(
  field: DocumentField,
  readNested: (nested: DocumentField) => Normalizer,
): Normalizer {
  return sequence(field.at('normalizers').list().map(readNested))
}
