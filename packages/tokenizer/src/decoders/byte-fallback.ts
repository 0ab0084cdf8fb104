import { byteOfToken } from '../models/byte-fallback.ts'
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts'
import type { Decoder } from './decoder.ts'

/** Reads runs of byte tokens (`<0xE4>`) as UTF-8; a run that is ill-formed becomes one U+FFFD per byte. */
export function byteFallback(): Decoder {
  return {
    decode(tokens) {
      const texts: string[] = []
      let bytes: number[] = []
      const finishRun = (): void => {
        if (bytes.length > 0) texts.push(decodeRun(bytes))
        bytes = []
      }
      for (const token of tokens) {
        const byte = byteOfToken(token)
        if (byte === undefined) {
          finishRun()
          texts.push(token)
        } else {
          bytes.push(byte)
        }
      }
      finishRun()
      return texts
    },
    toJSON: () => ({ type: 'ByteFallback' }),
  }
}

function decodeRun(bytes: readonly number[]): string {
  const text = decodeUtf8(bytes)
  // Only well-formed bytes come back from a decoder that replaces what is ill-formed.
  const isWellFormed = encodeUtf8(text).join() === bytes.join()
  return isWellFormed ? text : '\uFFFD'.repeat(bytes.length)
}
