import type { Decoder } from './decoder.ts'

/** Makes one piece of all, for decoders that look at the ends. */
export function fuse(): Decoder {
  return {
    decode: (tokens) => [tokens.join('')],
    toJSON: () => ({ type: 'Fuse' }),
  }
}
