import type { DocumentField } from '../document/document-field.ts'
import { stageRegistry } from '../document/stage-registry.ts'
import { bertPreTokenizer } from './bert.ts'
import { readByteLevel } from './byte-level.ts'
import { readCharacterDelimiterSplit } from './character-delimiter-split.ts'
import { readDigits } from './digits.ts'
import { readMetaspace } from './metaspace.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'
import { readPunctuation } from './punctuation.ts'
import { readSequence } from './sequence.ts'
import { readSplit } from './split.ts'
import { whitespace, whitespaceSplit } from './whitespace.ts'

/** Reads any pre-tokenizer that this package knows. */
export const readPreTokenizer: (field: DocumentField) => PreTokenizer = stageRegistry('pre-tokenizer', {
  BertPreTokenizer: bertPreTokenizer,
  ByteLevel: readByteLevel,
  CharDelimiterSplit: readCharacterDelimiterSplit,
  Digits: readDigits,
  Metaspace: readMetaspace,
  Punctuation: readPunctuation,
  Sequence: readSequence,
  Split: readSplit,
  Whitespace: whitespace,
  WhitespaceSplit: whitespaceSplit,
})
