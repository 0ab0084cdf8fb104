import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { BYTE_TO_UNIT } from '../text/byte-alphabet.ts'
import { encodeUtf8 } from '../text/utf8.ts'
import { bilingual } from './bilingual.ts'
import { byteLevel } from './byte-level.ts'
import { readPreTokenizer } from './registry.ts'

function read(document: unknown): ReturnType<typeof readPreTokenizer> {
  return readPreTokenizer(new DocumentField(document, 'pre_tokenizer'))
}

function words(document: unknown, text: string): string[] {
  return read(document)
    .preTokenize(new AlignedText(text))
    .map((piece) => piece.text)
}

const METASPACE = { type: 'Metaspace', replacement: '▁' }

test.each([
  [{ type: 'Whitespace' }, 'a-b c', ['a', '-', 'b', 'c']],
  [{ type: 'WhitespaceSplit' }, 'a-b  c\n', ['a-b', 'c']],
  [{ type: 'BertPreTokenizer' }, 'a-b $c', ['a', '-', 'b', '$', 'c']],
  [{ type: 'Punctuation' }, 'a, b', ['a', ',', ' b']],
  [{ type: 'Punctuation', behavior: 'Removed' }, 'a, b', ['a', ' b']],
  [{ type: 'Digits' }, 'a123b', ['a', '123', 'b']],
  [{ type: 'Digits', individual_digits: true }, 'a12', ['a', '1', '2']],
  [{ type: 'CharDelimiterSplit', delimiter: '|' }, 'a|b||c', ['a', 'b', 'c']],
  [
    { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext', invert: false },
    'a b',
    ['a', ' b'],
  ],
  [
    { type: 'Split', pattern: { Regex: String.raw`\p{Han}` }, behavior: 'Isolated' },
    'a学习b',
    ['a', '学', '习', 'b'],
  ],
  [{ ...METASPACE, prepend_scheme: 'always' }, 'a b', ['▁a', '▁b']],
  [{ ...METASPACE, prepend_scheme: 'never' }, 'a b', ['a', '▁b']],
  [{ ...METASPACE, prepend_scheme: 'always', split: false }, 'a b', ['▁a▁b']],
  [{ ...METASPACE, add_prefix_space: false }, 'a b', ['a', '▁b']],
  [{ type: 'ByteLevel', add_prefix_space: true, use_regex: false }, 'a b', ['ĠaĠb']],
  [
    { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Digits' }] },
    'a1 b2',
    ['a', '1', 'b', '2'],
  ],
])('%j', (document, text, expected) => {
  expect(words(document, text)).toEqual(expected)
  expect(words(document, '')).toEqual([])
})

test('the first scheme of metaspace knows the beginning of the source', () => {
  const metaspace = read({ ...METASPACE, prepend_scheme: 'first' })
  const [first, second] = [new AlignedText('ab').slice(0, 1), new AlignedText('ab').slice(1, 2)]
  expect(metaspace.preTokenize(first)[0]?.text).toBe('▁a')
  expect(metaspace.preTokenize(second)[0]?.text).toBe('b')
})

test('a stage writes the document that it was read from', () => {
  const document = {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: 'a+' }, behavior: 'Isolated', invert: true },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      { type: 'Digits', individual_digits: true },
      { type: 'Punctuation', behavior: 'Contiguous' },
      { type: 'CharDelimiterSplit', delimiter: '-' },
      { type: 'Metaspace', replacement: '_', prepend_scheme: 'first', split: true },
      { type: 'Whitespace' },
      { type: 'WhitespaceSplit' },
      { type: 'BertPreTokenizer' },
    ],
  }
  expect(read(document).toJSON()).toEqual(document)
})

test('byte level writes the UTF-8 bytes of any text, each in the place of its character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const pieces = byteLevel().preTokenize(new AlignedText(text))
      const expected = encodeUtf8(text).map((byte) => String.fromCharCode(BYTE_TO_UNIT[byte]!))
      expect(pieces.map((piece) => piece.text).join('')).toBe(expected.join(''))
      const places = pieces.flatMap((piece) =>
        [...piece.text].map((_, unit) => [piece.startOf(unit), piece.endOf(unit)]),
      )
      let unit = 0
      const want = [...text].flatMap((character) => {
        const start = unit
        unit += character.length
        return encodeUtf8(character).map(() => [start, unit])
      })
      expect(places).toEqual(want)
    }),
  )
})

test('bilingual words: each Han character alone, other words as in GPT-2', () => {
  const text = '我爱Tom，机器 learning is great。𠮷'
  const pieces = bilingual().preTokenize(new AlignedText(text))
  expect(pieces.map((piece) => text.slice(piece.startOf(0), piece.endOf(piece.length - 1)))).toEqual([
    '我',
    '爱',
    'Tom',
    '，',
    '机',
    '器',
    ' learning',
    ' is',
    ' great',
    '。',
    '𠮷',
  ])
})

test('a malformed stage is named by its path', () => {
  expect(() => read({ type: 'Split', pattern: {}, behavior: 'Isolated' })).toThrow(
    `'pre_tokenizer.pattern.Regex' is missing`,
  )
  expect(() => read({ type: 'Split', pattern: { String: 'a' }, behavior: 'Melted' })).toThrow(
    `'pre_tokenizer.behavior' is "Melted", expected one of Removed, Isolated`,
  )
  expect(() => read({ type: 'ByteLevel' })).toThrow(
    `'pre_tokenizer.add_prefix_space' is missing, expected true or false`,
  )
  expect(() => read({ type: 'UnicodeScripts' })).toThrow(
    'expected a known pre-tokenizer: BertPreTokenizer, ByteLevel',
  )
})
