/**
 * GPT-2's alphabet: one visible character for each of the 256 bytes, so that byte strings can be written as text.
 * Printable Latin-1 characters stand for themselves; the other bytes, in order, take U+0100 onwards (a blank is `Ġ`).
 */
export const BYTE_TO_UNIT: Uint16Array = new Uint16Array(256)

/** The byte that each UTF-16 unit of the alphabet stands for. */
export const UNIT_TO_BYTE: ReadonlyMap<number, number> = fillAlphabet()

function fillAlphabet(): Map<number, number> {
  const unitToByte = new Map<number, number>()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    const unit = printable ? byte : next++
    BYTE_TO_UNIT[byte] = unit
    unitToByte.set(unit, byte)
  }
  return unitToByte
}

/** The 256 characters by rising code point, which is the order of their ids in a trained vocabulary. */
export function byteAlphabet(): string[] {
  return [...BYTE_TO_UNIT].toSorted((a, b) => a - b).map((unit) => String.fromCharCode(unit))
}

/**
 * The bytes that a byte-level token is spelled with; undefined for a character outside the alphabet of bytes.
 *
 * @example
 * bytesOfToken('Ġæľº') // [0x20, 0xe6, 0x9c, 0xba]: a blank and 机
 */
export function bytesOfToken(token: string): number[] | undefined {
  const bytes: number[] = []
  for (let index = 0; index < token.length; index++) {
    const byte = UNIT_TO_BYTE.get(token.charCodeAt(index))
    if (byte === undefined) return undefined
    bytes.push(byte)
  }
  return bytes
}
