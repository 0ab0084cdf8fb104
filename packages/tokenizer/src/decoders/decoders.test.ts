import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { readDecoder } from './registry.ts'

function decode(document: unknown, tokens: readonly string[]): string {
  return readDecoder(new DocumentField(document, 'decoder')).decode(tokens).join('')
}

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }
const METASPACE = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }

test.each([
  [BYTE_LEVEL, ['æľ', 'º', 'Ġa', '<学>'], '机 a<学>'],
  [BYTE_LEVEL, ['æľ', 'Ġa'], '\uFFFD a'],
  [METASPACE, ['▁a', '▁b'], 'a b'],
  [{ ...METASPACE, prepend_scheme: 'never' }, ['▁a', '▁b'], ' a b'],
  [{ type: 'BPEDecoder', suffix: '</w>' }, ['a</w>', 'b', 'c</w>'], 'a bc'],
  [
    { type: 'WordPiece', prefix: '##', cleanup: true },
    ['un', '##do', 'it', '!', 'don', `n't`],
    `undo it! donn't`,
  ],
  [{ type: 'WordPiece', prefix: '##', cleanup: false }, ['it', '!'], 'it !'],
  [{ type: 'ByteFallback' }, ['a', '<0xE5>', '<0xAD>', '<0xA6>', 'b'], 'a学b'],
  [{ type: 'ByteFallback' }, ['<0xEF>', '<0xBF>', '<0xBD>'], '\uFFFD'],
  [{ type: 'ByteFallback' }, ['<0xE5>', '<0xAD>'], '\uFFFD\uFFFD'],
  [{ type: 'Replace', pattern: { String: '▁' }, content: '$1' }, ['▁a'], '$1a'],
  [{ type: 'Strip', content: ' ', start: 1, stop: 0 }, ['  a '], ' a '],
  [{ type: 'Strip', content: 'x', start: 0, stop: 2 }, ['axxx', 'x'], 'ax'],
  [{ type: 'Fuse' }, ['a', 'b'], 'ab'],
  [
    { type: 'Sequence', decoders: [{ type: 'Fuse' }, { type: 'Strip', content: 'a', start: 1, stop: 0 }] },
    ['a', 'a'],
    'a',
  ],
])('%j', (document, tokens, expected) => {
  expect(decode(document, tokens)).toBe(expected)
  expect(readDecoder(new DocumentField(document, 'decoder')).toJSON()).toEqual(document)
})

test('an unknown type is answered with the known ones', () => {
  expect(() => decode({ type: 'CTC' }, [])).toThrow(
    'expected a known decoder: BPEDecoder, ByteFallback, ByteLevel',
  )
})
