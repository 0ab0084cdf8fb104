import type { DocumentField } from '../document/document-field.ts'
import type { PostProcessor } from './post-processor.ts'
import { trimOffsets } from './trim-offsets.ts'

export interface ByteLevelPostProcessorSettings {
  /** Leave the blanks out of the offsets. */
  readonly trimOffsets?: boolean
  /** Whether the pre-tokenizer put a blank in front of the text. */
  readonly addPrefixSpace?: boolean
  /** Only kept for the document. */
  readonly useRegex?: boolean
}

/** Adds no token; corrects the offsets of byte-level tokens. */
export function byteLevel(settings: ByteLevelPostProcessorSettings = {}): PostProcessor {
  const { trimOffsets: trims = true, addPrefixSpace = true, useRegex = true } = settings
  return {
    addedTokens: () => 0,
    process: (encodings) => (trims ? encodings.map((one) => trimOffsets(one, addPrefixSpace)) : encodings),
    toJSON: () => ({
      type: 'ByteLevel',
      add_prefix_space: addPrefixSpace,
      trim_offsets: trims,
      use_regex: useRegex,
    }),
  }
}

export function readByteLevel(field: DocumentField): PostProcessor {
  return byteLevel({
    trimOffsets: field.at('trim_offsets').boolean(),
    addPrefixSpace: field.at('add_prefix_space').boolean(),
    useRegex: field.at('use_regex').boolean(true),
  })
}
