import type { DocumentField } from '../document/document-field.ts'
import { literalPattern } from '../text/regular-expression.ts'
import type { Decoder } from './decoder.ts'

/** The mark at the end of a word becomes a blank, and nothing in the last token. */
export function bpeDecoder({ suffix = '</w>' }: { readonly suffix?: string } = {}): Decoder {
  const mark = literalPattern(suffix)
  return {
    decode: (tokens) =>
      tokens.map((token, index) => token.replace(mark, index === tokens.length - 1 ? '' : ' ')),
    toJSON: () => ({ type: 'BPEDecoder', suffix }),
  }
}

export function readBpeDecoder(field: DocumentField): Decoder {
  return bpeDecoder({ suffix: field.at('suffix').string('</w>') })
}
