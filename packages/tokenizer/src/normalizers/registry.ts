import type { DocumentField } from '../document/document-field.ts'
import { stageRegistry } from '../document/stage-registry.ts'
import { readBertNormalizer } from './bert.ts'
import { lowercase } from './lowercase.ts'
import type { Normalizer } from './normalizer.ts'
import { readPrecompiled } from './precompiled.ts'
import { readPrepend } from './prepend.ts'
import { readReplace } from './replace.ts'
import { readSequence } from './sequence.ts'
import { stripAccents } from './strip-accents.ts'
import { readStrip } from './strip.ts'
import { unicodeForm } from './unicode-form.ts'

/** Reads any normalizer that this package knows. */
export const readNormalizer: (field: DocumentField) => Normalizer = stageRegistry('normalizer', {
  BertNormalizer: readBertNormalizer,
  Lowercase: lowercase,
  NFC: () => unicodeForm('NFC'),
  NFD: () => unicodeForm('NFD'),
  NFKC: () => unicodeForm('NFKC'),
  NFKD: () => unicodeForm('NFKD'),
  Precompiled: readPrecompiled,
  Prepend: readPrepend,
  Replace: readReplace,
  Sequence: readSequence,
  Strip: readStrip,
  StripAccents: stripAccents,
})
