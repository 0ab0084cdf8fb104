import type { DocumentField } from '../document/document-field.ts'
import { bytesOfToken } from '../text/byte-alphabet.ts'
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts'
import type { Decoder } from './decoder.ts'

export interface ByteLevelDecoderSettings {
  readonly addPrefixSpace?: boolean
  readonly trimOffsets?: boolean
  readonly useRegex?: boolean
}

/**
 * Reads tokens in GPT-2's alphabet of bytes; ill-formed UTF-8 becomes U+FFFD. A token with a character outside the alphabet was
 * added as text: it stands for itself. The settings only go into the document.
 */
export function byteLevel(settings: ByteLevelDecoderSettings = {}): Decoder {
  const { addPrefixSpace = false, trimOffsets = true, useRegex = true } = settings
  return {
    decode: (tokens) => [decodeUtf8(tokens.flatMap((token) => bytesOfToken(token) ?? encodeUtf8(token)))],
    toJSON: () => ({
      type: 'ByteLevel',
      add_prefix_space: addPrefixSpace,
      trim_offsets: trimOffsets,
      use_regex: useRegex,
    }),
  }
}

export function readByteLevel(field: DocumentField): Decoder {
  return byteLevel({
    addPrefixSpace: field.at('add_prefix_space').boolean(),
    trimOffsets: field.at('trim_offsets').boolean(true),
    useRegex: field.at('use_regex').boolean(true),
  })
}
