import { encodeUtf8 } from '../text/utf8.ts'
import type { Vocabulary } from './model.ts'

/** The tokens `<0xE4>`... for the bytes of a text, or undefined if the vocabulary lacks one of them. */
export function byteTokens(text: string, vocabulary: Vocabulary): number[] | undefined {
  const ids: number[] = []
  for (const byte of encodeUtf8(text)) {
    const id = vocabulary.idOf(byteToken(byte))
    if (id === undefined) return undefined
    ids.push(id)
  }
  return ids
}

/** The token of SentencePiece that stands for a byte. */
function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
}

/** The byte that a token stands for, or undefined for any other token. */
export function byteOfToken(token: string): number | undefined {
  return /^<0x[\dA-Fa-f]{2}>$/u.test(token) ? Number.parseInt(token.slice(3, 5), 16) : undefined
}
