import type { Encoding } from '../encoding/encoding.ts'

/** A blank in the alphabet of bytes, or any white space in a token that was added as text. */
const BLANKS_IN_FRONT = /^[Ġ\p{White_Space}]*/u
const BLANKS_BEHIND = /[Ġ\p{White_Space}]*$/u

/** Takes the blanks that byte-level tokens carry out of their offsets, but for a blank that was put in front of the text. */
export function trimOffsets(encoding: Encoding, addPrefixSpace: boolean): Encoding {
  return {
    ...encoding,
    offsets: encoding.offsets.map(([start, end], index) => {
      const token = encoding.tokens[index]!
      const leading = BLANKS_IN_FRONT.exec(token)![0].length
      const trailing = BLANKS_BEHIND.exec(token)![0].length
      const isPrefix = leading > 0 && addPrefixSpace && (index === 0 || start === 0)
      const from = Math.min(start + leading - (isPrefix ? 1 : 0), end)
      return [from, trailing > 0 && end >= trailing ? Math.max(end - trailing, from) : end] as const
    }),
    overflowing: encoding.overflowing.map((window) => trimOffsets(window, addPrefixSpace)),
  }
}
