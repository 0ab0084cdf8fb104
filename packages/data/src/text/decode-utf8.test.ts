import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DataError } from '../data-error.ts'
import { decodeUtf8, firstInvalidByte } from './decode-utf8.ts'

const context = { operation: 'readNotes', argument: 'path', file: 'notes.txt' }

function refusal(bytes: readonly number[]): DataError {
  try {
    decodeUtf8(Uint8Array.from(bytes), context)
  } catch (error) {
    if (error instanceof DataError) return error
  }
  throw new Error('The bytes were accepted.')
}

describe('decodeUtf8', () => {
  test('gives back what was encoded, unnormalized', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.startsWith('\uFEFF'))
        expect(decodeUtf8(new TextEncoder().encode(text), context)).toBe(text)
      }),
    )
    expect(decodeUtf8(new TextEncoder().encode('e\u0301'), context)).toBe('e\u0301')
  })

  test('removes one byte order mark', () => {
    expect(decodeUtf8(new TextEncoder().encode('\uFEFF你好'), context)).toBe('你好')
  })

  test('names line and offset of the first invalid byte', () => {
    const error = refusal([0x61, 0x0a, 0xe4, 0xbd, 0xa0, 0x0a, 0x62, 0xff])
    expect(error).toMatchObject({ file: 'notes.txt', line: 3, byteOffset: 7 })
    expect(error.message).toBe(
      "readNotes: 'path' has the byte 0xff at offset 7, in line 3 of notes.txt, expected UTF-8 text; " +
        'save the file as UTF-8, or convert it: iconv -f GB18030 -t UTF-8.',
    )
  })

  test('recognizes UTF-16', () => {
    expect(refusal([0xff, 0xfe, 0x61, 0x00]).fix).toBe('the file starts like UTF-16: save it again as UTF-8')
  })

  test.each([
    ['overlong form', [0x61, 0xc0, 0xaf], 1],
    ['overlong three-byte form', [0xe0, 0x80, 0x80], 0],
    ['surrogate', [0x61, 0xed, 0xa0, 0x80], 1],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['lone continuation', [0x61, 0x61, 0x80], 2],
    ['cut off at the end', [0x61, 0xe4, 0xbd], 1],
    ['GB18030 text', [0xc4, 0xe3, 0xba, 0xc3], 0],
  ])('finds the byte: %s', (_, bytes, offset) => {
    expect(refusal(bytes).byteOffset).toBe(offset)
  })

  test('agrees with the platform decoder about which bytes are valid', () => {
    const interesting = fc.constantFrom(
      0x00,
      0x61,
      0x7f,
      0x80,
      0xbf,
      0xc2,
      0xe0,
      0xa0,
      0xed,
      0x9f,
      0xef,
      0xf0,
      0x90,
      0xf4,
      0x8f,
    )
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 8 }), (bytes) => {
        const array = Uint8Array.from(bytes)
        const decoded = new TextDecoder().decode(array)
        const intact = !decoded.includes('\uFFFD')
        expect(firstInvalidByte(array) === array.length).toBe(intact)
      }),
      { numRuns: 2000 },
    )
  })
})
