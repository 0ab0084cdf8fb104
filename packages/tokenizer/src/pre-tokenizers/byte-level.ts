import type { DocumentField } from '../document/document-field.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { BYTE_TO_UNIT } from '../text/byte-alphabet.ts'
import { compilePattern } from '../text/regular-expression.ts'
import { encodeCodePoint, utf8Length } from '../text/utf8.ts'
import type { PreTokenizer } from './pre-tokenizer.ts'

export interface ByteLevelSettings {
  /** Put a blank before text that does not begin with one, so that a first word looks like any other. */
  readonly addPrefixSpace?: boolean
  /** Split with GPT-2's pattern; switch it off after a `split` that did that. */
  readonly useRegex?: boolean
  /** Only kept for the document: the post-processor of the same name acts on it. */
  readonly trimOffsets?: boolean
}

/** GPT-2's pattern: it covers every text, with a blank leading the word after it. */
const GPT2_PATTERN = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

/** Splits words and writes their UTF-8 bytes in GPT-2's alphabet. Source: Radford et al. 2019, `encoder.py`. */
export function byteLevel(settings: ByteLevelSettings = {}): PreTokenizer {
  const { addPrefixSpace = false, useRegex = true, trimOffsets = true } = settings
  const pattern = compilePattern(GPT2_PATTERN)
  return {
    preTokenize(text: AlignedText): readonly AlignedText[] {
      const source = addPrefixSpace && !text.text.startsWith(' ') ? text.prepend(' ') : text
      if (source.length === 0) return []
      return toByteAlphabet(source, useRegex ? coveringMatches(source.text, pattern) : [source.length])
    },
    toJSON: () => ({
      type: 'ByteLevel',
      add_prefix_space: addPrefixSpace,
      trim_offsets: trimOffsets,
      use_regex: useRegex,
    }),
  }
}

export function readByteLevel(field: DocumentField): PreTokenizer {
  return byteLevel({
    addPrefixSpace: field.at('add_prefix_space').boolean(),
    useRegex: field.at('use_regex').boolean(true),
    trimOffsets: field.at('trim_offsets').boolean(true),
  })
}

/** Where each match ends, for a pattern whose matches leave nothing out; `test` makes no match object, which saves half the time. */
function coveringMatches(text: string, pattern: RegExp): number[] {
  const ends: number[] = []
  pattern.lastIndex = 0
  while (pattern.test(text)) ends.push(pattern.lastIndex)
  return ends
}

/** Rewrites the text in the alphabet of bytes and cuts it at the given ends. */
function toByteAlphabet(text: AlignedText, ends: readonly number[]): AlignedText[] {
  const source = text.text
  let byteLength = 0
  for (let index = 0; index < source.length; index++) {
    const codePoint = source.codePointAt(index)!
    byteLength += utf8Length(codePoint)
    if (codePoint > 0xffff) index++
  }
  const units = new Uint16Array(byteLength)
  const isAscii = byteLength === source.length
  const starts = new Int32Array(isAscii ? 0 : byteLength)
  const ends8 = new Int32Array(isAscii ? 0 : byteLength)
  const byteEnds: number[] = []
  let written = 0
  let start = 0
  let end = 0
  const write = (byte: number): void => {
    if (!isAscii) {
      starts[written] = start
      ends8[written] = end
    }
    units[written++] = BYTE_TO_UNIT[byte]!
  }
  let nextEnd = 0
  for (let index = 0; index < source.length;) {
    const codePoint = source.codePointAt(index)!
    const size = codePoint > 0xffff ? 2 : 1
    if (!isAscii) {
      start = text.startOf(index)
      end = text.endOf(index + size - 1)
    }
    encodeCodePoint(codePoint, write)
    index += size
    if (index === ends[nextEnd]) {
      byteEnds.push(written)
      nextEnd++
    }
  }
  const mapped = unitsToText(units)
  const aligned = isAscii ? text.withText(mapped) : new AlignedText(mapped, { starts, ends: ends8 })
  let from = 0
  return byteEnds.map((to) => {
    const piece = aligned.slice(from, to)
    from = to
    return piece
  })
}

/** Function arguments are limited: a long text is put together from parts. */
function unitsToText(units: Uint16Array): string {
  const part = 8192
  if (units.length <= part) return String.fromCharCode(...units)
  const parts: string[] = []
  for (let from = 0; from < units.length; from += part) {
    parts.push(String.fromCharCode(...units.subarray(from, from + part)))
  }
  return parts.join('')
}
