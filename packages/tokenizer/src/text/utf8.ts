const REPLACEMENT = 0xfffd

/** Calls `write` with each UTF-8 byte of a code point. */
export function encodeCodePoint(codePoint: number, write: (byte: number) => void): void {
  if (codePoint < 0x80) {
    write(codePoint)
  } else if (codePoint < 0x800) {
    write(0xc0 | (codePoint >> 6))
    write(0x80 | (codePoint & 0x3f))
  } else if (codePoint < 0x10000) {
    write(0xe0 | (codePoint >> 12))
    write(0x80 | ((codePoint >> 6) & 0x3f))
    write(0x80 | (codePoint & 0x3f))
  } else {
    write(0xf0 | (codePoint >> 18))
    write(0x80 | ((codePoint >> 12) & 0x3f))
    write(0x80 | ((codePoint >> 6) & 0x3f))
    write(0x80 | (codePoint & 0x3f))
  }
}

/** How many bytes UTF-8 needs for a code point. */
export function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

/** The UTF-8 bytes of a text. */
export function encodeUtf8(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) encodeCodePoint(character.codePointAt(0)!, (byte) => bytes.push(byte))
  return bytes
}

/** Text from UTF-8; each maximal ill-formed part becomes one U+FFFD, as the WHATWG Encoding Standard has it. */
export function decodeUtf8(bytes: readonly number[]): string {
  const parts: string[] = []
  let codePoints: number[] = []
  let index = 0
  while (index < bytes.length) {
    const lead = bytes[index++]!
    let codePoint = lead
    if (lead >= 0x80) {
      const [needed, low, high] = continuation(lead)
      let lower = low
      let upper = high
      let missing = needed
      codePoint = needed === 0 ? REPLACEMENT : lead & (0x3f >> needed)
      while (missing > 0) {
        const byte = bytes[index]
        if (byte === undefined || byte < lower || byte > upper) {
          codePoint = REPLACEMENT
          break
        }
        codePoint = (codePoint << 6) | (byte & 0x3f)
        lower = 0x80
        upper = 0xbf
        missing--
        index++
      }
    }
    codePoints.push(codePoint)
    // Function arguments are limited: hand over in parts.
    if (codePoints.length === 4096) {
      parts.push(String.fromCodePoint(...codePoints))
      codePoints = []
    }
  }
  parts.push(String.fromCodePoint(...codePoints))
  return parts.join('')
}

/** Bytes that must follow a lead byte, and the bounds of the first: these exclude overlong forms and surrogates. */
function continuation(lead: number): readonly [needed: number, low: number, high: number] {
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf]
  if (lead === 0xe0) return [2, 0xa0, 0xbf]
  if (lead === 0xed) return [2, 0x80, 0x9f]
  if (lead >= 0xe1 && lead <= 0xef) return [2, 0x80, 0xbf]
  if (lead === 0xf0) return [3, 0x90, 0xbf]
  if (lead >= 0xf1 && lead <= 0xf3) return [3, 0x80, 0xbf]
  if (lead === 0xf4) return [3, 0x80, 0x8f]
  return [0, 0, 0]
}
