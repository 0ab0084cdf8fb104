import type { DocumentField } from '../document/document-field.ts'
import { readMetaspaceSettings, type MetaspaceSettings } from '../document/metaspace-settings.ts'
import type { Decoder } from './decoder.ts'

/** The visible blank becomes a blank again; in the first token it goes, if the pre-tokenizer put it there. */
export function metaspace(settings: MetaspaceSettings = {}): Decoder {
  const { replacement = '▁', prependScheme = 'always', split = true } = settings
  return {
    decode: (tokens) =>
      tokens.map((token, index) =>
        token.replaceAll(replacement, index === 0 && prependScheme !== 'never' ? '' : ' '),
      ),
    toJSON: () => ({ type: 'Metaspace', replacement, prepend_scheme: prependScheme, split }),
  }
}

export function readMetaspace(field: DocumentField): Decoder {
  return metaspace(readMetaspaceSettings(field))
}
