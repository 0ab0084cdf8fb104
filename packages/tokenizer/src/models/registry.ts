import type { DocumentField } from '../document/document-field.ts'
import { stageRegistry } from '../document/stage-registry.ts'
import { readBpe } from './bpe.ts'
import type { Model } from './model.ts'
import { readUnigram } from './unigram.ts'
import { readWordLevel } from './word-level.ts'
import { readWordPiece } from './word-piece.ts'

const readTypedModel: (field: DocumentField) => Model = stageRegistry('model', {
  BPE: readBpe,
  Unigram: readUnigram,
  WordLevel: readWordLevel,
  WordPiece: readWordPiece,
})

/** Reads any model that this package knows; early documents leave the type out, and show it by a field that only it has. */
export function readModel(field: DocumentField): Model {
  if (!field.at('type').isAbsent) return readTypedModel(field)
  if (!field.at('merges').isAbsent) return readBpe(field)
  if (!field.at('unk_id').isAbsent) return readUnigram(field)
  if (!field.at('max_input_chars_per_word').isAbsent) return readWordPiece(field)
  return readTypedModel(field)
}
