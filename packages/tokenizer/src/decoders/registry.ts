import type { DocumentField } from '../document/document-field.ts'
import { stageRegistry } from '../document/stage-registry.ts'
import { readBpeDecoder } from './bpe.ts'
import { byteFallback } from './byte-fallback.ts'
import { readByteLevel } from './byte-level.ts'
import type { Decoder } from './decoder.ts'
import { fuse } from './fuse.ts'
import { readMetaspace } from './metaspace.ts'
import { readReplace } from './replace.ts'
import { readSequence } from './sequence.ts'
import { readStrip } from './strip.ts'
import { readWordPieceDecoder } from './word-piece.ts'

/** Reads any decoder that this package knows. */
export const readDecoder: (field: DocumentField) => Decoder = stageRegistry('decoder', {
  BPEDecoder: readBpeDecoder,
  ByteFallback: byteFallback,
  ByteLevel: readByteLevel,
  Fuse: fuse,
  Metaspace: readMetaspace,
  Replace: readReplace,
  Sequence: readSequence,
  Strip: readStrip,
  WordPiece: readWordPieceDecoder,
})
