import { DataError } from '../data-error.ts'

/** Who reads, for the error. */
export interface DecodeContext {
  readonly operation: string
  readonly argument: string
  /** The file that the bytes come from. */
  readonly file?: string | undefined
}

/**
 * Decodes UTF-8 strictly: a byte order mark is removed, everything else stays as it is (no Unicode normalization).
 *
 * Throws a DataError with file, line and byte offset of the first byte that is not UTF-8.
 *
 * @example
 * decodeUtf8(new Uint8Array([0xe4, 0xbd, 0xa0]), { operation: 'readNotes', argument: 'path' }) // '你'
 */
export function decodeUtf8(bytes: Uint8Array, { operation, argument, file }: DecodeContext): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    const byteOffset = firstInvalidByte(bytes)
    const line = lineOfByte(bytes, byteOffset)
    const value = bytes[byteOffset]?.toString(16).padStart(2, '0')
    throw new DataError({
      operation,
      argument,
      got: `has the byte 0x${value} at offset ${byteOffset}, in line ${line}${file === undefined ? '' : ` of ${file}`}`,
      expected: 'UTF-8 text',
      fix: looksLikeUtf16(bytes)
        ? 'the file starts like UTF-16: save it again as UTF-8'
        : 'save the file as UTF-8, or convert it: iconv -f GB18030 -t UTF-8',
      file,
      line,
      byteOffset,
      cause,
    })
  }
}

/** The first byte that cannot belong to well-formed UTF-8 (Unicode 15, table 3-7); the length when there is none. */
export function firstInvalidByte(bytes: Uint8Array): number {
  let start = 0
  while (start < bytes.length) {
    const lead = bytes[start] as number
    const length = sequenceLength(lead)
    if (length === 0) return start
    for (let index = 1; index < length; index += 1) {
      const byte = bytes[start + index]
      const [low, high] = index === 1 ? secondByteRange(lead) : ([0x80, 0xbf] as const)
      if (byte === undefined || byte < low || byte > high) return start
    }
    start += length
  }
  return start
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
}

/** Narrower after four lead bytes: this rules out overlong forms, surrogates and anything above U+10FFFF. */
function secondByteRange(lead: number): readonly [low: number, high: number] {
  if (lead === 0xe0) return [0xa0, 0xbf]
  if (lead === 0xed) return [0x80, 0x9f]
  if (lead === 0xf0) return [0x90, 0xbf]
  return lead === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf]
}

function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let index = 0; index < offset; index += 1) if (bytes[index] === 0x0a) line += 1
  return line
}

function looksLikeUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}
