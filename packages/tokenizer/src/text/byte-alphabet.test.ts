import { expect, test } from 'vitest'
import { byteAlphabet, bytesOfToken, BYTE_TO_UNIT, UNIT_TO_BYTE } from './byte-alphabet.ts'

test('every byte has a character of its own, and printable ones stand for themselves', () => {
  for (let byte = 0; byte < 256; byte++) expect(UNIT_TO_BYTE.get(BYTE_TO_UNIT[byte]!)).toBe(byte)
  expect(new Set(byteAlphabet()).size).toBe(256)
  expect(byteAlphabet().slice(0, 3)).toEqual(['!', '"', '#'])
  // From GPT-2's vocabulary: blank, line end, and the bytes that Latin-1 leaves without a glyph.
  const written = [0x20, 0x0a, 0x00, 0x7f, 0xa0, 0xad].map((byte) => String.fromCharCode(BYTE_TO_UNIT[byte]!))
  expect(written).toEqual(['Ġ', 'Ċ', 'Ā', 'ġ', 'ł', 'Ń'])
})

test('a token is spelled with its bytes', () => {
  expect(bytesOfToken('Ġæľº')).toEqual([0x20, 0xe6, 0x9c, 0xba])
  expect(bytesOfToken('')).toEqual([])
  expect(bytesOfToken('机')).toBeUndefined()
})
