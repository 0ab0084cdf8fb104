import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8, utf8Length } from './utf8.ts'

const text = fc.string({ unit: 'binary' })

/** The text by way of the language's own percent decoding, which refuses what is ill-formed. */
function percentDecode(percent: string): string | undefined {
  try {
    return decodeURIComponent(percent)
  } catch {
    return undefined
  }
}

/** The bytes by way of the language's own percent encoding. */
function percentBytes(source: string): number[] {
  return [...encodeURIComponent(source).matchAll(/%([\dA-F]{2})|[^%]/gu)].map(([written, hexadecimal]) =>
    hexadecimal === undefined ? written.charCodeAt(0) : Number.parseInt(hexadecimal, 16),
  )
}

test('bytes are those of percent encoding, and decode to the text', () => {
  fc.assert(
    fc.property(text, (source) => {
      const bytes = encodeUtf8(source)
      expect(bytes).toEqual(percentBytes(source))
      expect(decodeUtf8(bytes)).toBe(source)
      expect([...source].reduce((sum, one) => sum + utf8Length(one.codePointAt(0)!), 0)).toBe(bytes.length)
    }),
  )
})

test('bytes are well-formed exactly where percent decoding accepts them', () => {
  // Bytes near the bounds of the encoding, which plain random bytes seldom hit in a row.
  const byte = fc.constantFrom(
    0x41,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc2,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf1,
    0xf4,
    0xf5,
  )
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 6 }), (bytes) => {
      const percent = bytes.map((one) => `%${one.toString(16).padStart(2, '0')}`).join('')
      const decoded = decodeUtf8(bytes)
      const isExpected = percentDecode(percent) === (decoded.includes('\uFFFD') ? undefined : decoded)
      expect(isExpected).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

// The Unicode Standard 15, tables 3-8 to 3-11: one U+FFFD for each maximal part.
test.each([
  ['61 F1 80 80 E1 80 C2 62 80 63 80 BF 64', 'a���b�c��d'],
  ['C0 AF E0 80 BF F0 81 82 41', '��������A'],
  ['ED A0 80 ED BF BF ED AF 41', '��������A'],
  ['F4 91 92 93 FF 41 80 BF 42', '�����A��B'],
  ['E1 80 E2 F0 91 92 F1 BF 41', '����A'],
])('ill-formed %s', (bytes, expected) => {
  expect(decodeUtf8(bytes.split(' ').map((byte) => Number.parseInt(byte, 16)))).toBe(expected)
})

test('long texts come back whole', () => {
  const source = '学习 🤖 '.repeat(5000)
  expect(decodeUtf8(encodeUtf8(source))).toBe(source)
})
