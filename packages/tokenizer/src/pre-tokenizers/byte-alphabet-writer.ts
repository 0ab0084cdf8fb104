import { AlignedText, type Alignment } from '../text/aligned-text.ts'
import { BYTE_TO_UNIT } from '../text/byte-alphabet.ts'
import { encodeCodePoint, utf8Length } from '../text/utf8.ts'
import { WordCache } from '../word-cache.ts'

const CHUNK = 1 << 14

/** Rewrites words in the alphabet of bytes, each byte in the place of its character. */
export class ByteAlphabetWriter {
  readonly #written = new WordCache<string>()
  /** Many short words share one pair of arrays: to make a pair for each costs more than all the rest. */
  #alignment: Alignment = { starts: new Int32Array(0), ends: new Int32Array(0) }
  #used = 0

  write(word: AlignedText): AlignedText {
    const bytes = this.#written.get(word.text, writeBytes)
    // One unit per unit: all is ASCII, and stays where it was.
    if (bytes.length === word.length) return word.withText(bytes)
    return new AlignedText(bytes, ...this.#align(word, bytes.length))
  }

  #align(word: AlignedText, byteLength: number): readonly [Alignment, shift: number] {
    if (this.#used + byteLength > this.#alignment.starts.length) {
      const size = Math.max(CHUNK, byteLength)
      this.#alignment = { starts: new Int32Array(size), ends: new Int32Array(size) }
      this.#used = 0
    }
    const shift = this.#used
    const { starts, ends } = this.#alignment
    for (let index = 0; index < word.length;) {
      const codePoint = word.text.codePointAt(index)!
      const size = codePoint > 0xffff ? 2 : 1
      const start = word.startOf(index)
      const end = word.endOf(index + size - 1)
      for (let byte = utf8Length(codePoint); byte > 0; byte--) {
        starts[this.#used] = start
        ends[this.#used++] = end
      }
      index += size
    }
    return [this.#alignment, shift]
  }
}

/** Function arguments are limited: a long text is put together from parts. */
const PART = 4096

function writeBytes(text: string): string {
  let written = ''
  let units: number[] = []
  for (const character of text) {
    encodeCodePoint(character.codePointAt(0)!, (byte) => units.push(BYTE_TO_UNIT[byte]!))
    if (units.length < PART) continue
    written += String.fromCharCode(...units)
    units = []
  }
  return written + String.fromCharCode(...units)
}
