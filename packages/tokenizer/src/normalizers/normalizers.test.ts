import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { readNormalizer } from './registry.ts'

function normalize(document: unknown, text: string): string {
  return readNormalizer(new DocumentField(document, 'normalizer')).normalize(new AlignedText(text)).text
}

test.each([
  [{ type: 'NFC' }, 'e\u0301', 'é'],
  [{ type: 'Lowercase' }, 'ΣΑΣ İ', 'σασ i\u0307'],
  [{ type: 'Strip', strip_left: true, strip_right: false }, '  a b ', 'a b '],
  [{ type: 'Strip', strip_left: false, strip_right: true }, ' a\u3000\n', ' a'],
  [{ type: 'Strip', strip_left: true, strip_right: true }, ' \n ', ''],
  [{ type: 'StripAccents' }, 'e\u0301 हि', 'e ह'],
  [{ type: 'Prepend', prepend: '▁' }, 'a', '▁a'],
  [{ type: 'Replace', pattern: { String: '.' }, content: '$&' }, 'a.b', 'a$&b'],
  [{ type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' }, 'a \n b', 'a b'],
  [{ type: 'BertNormalizer', lowercase: true }, 'Né\t学\u0000', 'ne  学 '],
  [{ type: 'BertNormalizer', lowercase: true, strip_accents: false }, 'NÉ', 'né'],
  [
    { type: 'BertNormalizer', lowercase: false, clean_text: false, handle_chinese_chars: false },
    'É\t学',
    'É\t学',
  ],
  [{ type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] }, 'é', 'e'],
])('%j', (document, text, expected) => {
  expect(normalize(document, text)).toBe(expected)
})

test('a stage writes the document that it was read from', () => {
  const document = {
    type: 'Sequence',
    normalizers: [
      { type: 'Prepend', prepend: '▁' },
      { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      { type: 'Strip', strip_left: false, strip_right: true },
      {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: false,
        strip_accents: null,
        lowercase: true,
      },
      { type: 'NFKC' },
      { type: 'Lowercase' },
      { type: 'StripAccents' },
    ],
  }
  expect(readNormalizer(new DocumentField(document, 'normalizer')).toJSON()).toEqual(document)
})

test('an unknown type is answered with the known ones', () => {
  expect(() => normalize({ type: 'Sequence', normalizers: [{ type: 'Rot13' }] }, '')).toThrow(
    `read tokenizer.json: 'normalizer.normalizers[0].type' is "Rot13", expected a known normalizer: BertNormalizer, Lowercase, NFC`,
  )
})
