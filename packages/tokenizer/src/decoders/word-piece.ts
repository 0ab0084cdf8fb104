import type { DocumentField } from '../document/document-field.ts'
import type { Decoder } from './decoder.ts'

export interface WordPieceDecoderSettings {
  readonly prefix?: string
  /** Take out the blanks before English punctuation and contractions. */
  readonly cleanup?: boolean
}

/** Joins pieces to words and words by blanks. */
export function wordPieceDecoder({ prefix = '##', cleanup = true }: WordPieceDecoderSettings = {}): Decoder {
  return {
    decode: (tokens) =>
      tokens.map((token, index) => {
        const joined =
          index === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`
        return cleanup ? removeBlanks(joined) : joined
      }),
    toJSON: () => ({ type: 'WordPiece', prefix, cleanup }),
  }
}

function removeBlanks(text: string): string {
  return text
    .replaceAll(/ ([.?!,])/gu, '$1')
    .replaceAll(` ' `, `'`)
    .replaceAll(` n't`, `n't`)
    .replaceAll(` 'm`, `'m`)
    .replaceAll(' do not', ` don't`)
    .replaceAll(/ ('s|'ve|'re)/gu, '$1')
}

export function readWordPieceDecoder(field: DocumentField): Decoder {
  return wordPieceDecoder({
    prefix: field.at('prefix').string('##'),
    cleanup: field.at('cleanup').boolean(true),
  })
}
