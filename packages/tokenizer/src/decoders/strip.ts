import type { DocumentField } from '../document/document-field.ts'
import type { Decoder } from './decoder.ts'

export interface StripDecoderSettings {
  readonly content: string
  /** Most occurrences to take from the beginning of a token. */
  readonly start: number
  /** Most occurrences to take from its end. */
  readonly stop: number
}

/** Takes a character from the ends of each token, a limited number of times. */
export function strip({ content, start, stop }: StripDecoderSettings): Decoder {
  return {
    decode: (tokens) =>
      tokens.map((token) => {
        let from = 0
        let to = token.length
        for (let count = 0; count < start && token.startsWith(content, from); count++) from += content.length
        for (let count = 0; count < stop && to > from && token.endsWith(content, to); count++)
          to -= content.length
        return token.slice(from, to)
      }),
    toJSON: () => ({ type: 'Strip', content, start, stop }),
  }
}

export function readStrip(field: DocumentField): Decoder {
  return strip({
    content: field.at('content').string(),
    start: field.at('start').count(),
    stop: field.at('stop').count(),
  })
}
