import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { bpe, readBpe } from './bpe.ts'
import { mergeSymbols } from './merge-symbols.ts'
import { MergeTable } from './merge-table.ts'
import type { Model } from './model.ts'
import { TokenTable } from './vocabulary.ts'

function tokens(model: Model, word: string): string[] {
  return model.tokenize(word).map(({ token, start, end }) => `${token}@${start}-${end}`)
}

const LETTERS = { a: 0, b: 1, c: 2, ab: 3, abc: 4, '<unk>': 5, '<0xE5>': 6, '<0xAD>': 7, '<0xA6>': 8 }
const MERGES = ['a b', ['ab', 'c']] as const

test('merges in the order of training', () => {
  const model = bpe({ vocabulary: LETTERS, merges: MERGES })
  expect(tokens(model, 'abcab')).toEqual(['abc@0-3', 'ab@3-5'])
  expect(tokens(model, '')).toEqual([])
})

test('unknown characters: one token each, or one for all, or their bytes, or an error', () => {
  const settings = { vocabulary: LETTERS, merges: MERGES, unknownToken: '<unk>' }
  expect(tokens(bpe(settings), 'x😀ab')).toEqual(['<unk>@0-1', '<unk>@1-3', 'ab@3-5'])
  expect(tokens(bpe({ ...settings, fuseUnknown: true }), 'x😀aby')).toEqual([
    '<unk>@0-3',
    'ab@3-5',
    '<unk>@5-6',
  ])
  expect(tokens(bpe({ ...settings, byteFallback: true }), 'a学x')).toEqual([
    'a@0-1',
    '<0xE5>@1-2',
    '<0xAD>@1-2',
    '<0xA6>@1-2',
    '<unk>@2-3',
  ])
  expect(() => bpe({ vocabulary: LETTERS, merges: MERGES }).tokenize('ax')).toThrow(
    `bpe: a character of the text is "x", expected one of the vocabulary`,
  )
})

test('prefixes, suffixes, and words taken whole', () => {
  const suffixed = bpe({
    vocabulary: { a: 0, b: 1, 'b</w>': 2, 'ab</w>': 3 },
    merges: ['a b</w>'],
    endOfWordSuffix: '</w>',
  })
  expect(tokens(suffixed, 'ab')).toEqual(['ab</w>@0-2'])
  const prefixed = bpe({
    vocabulary: { a: 0, '##b': 1, ab: 2 },
    merges: ['a ##b'],
    continuingSubwordPrefix: '##',
  })
  expect(tokens(prefixed, 'ab')).toEqual(['ab@0-2'])
  const whole = bpe({ vocabulary: { a: 0, b: 1, ba: 2 }, merges: [], ignoreMerges: true })
  expect(tokens(whole, 'ba')).toEqual(['ba@0-2'])
})

test('any merges: the lowest rank first, leftmost first, as a plain loop does it', () => {
  const letters = ['a', 'b', 'c']
  const pair = fc.tuple(fc.nat(), fc.nat())
  fc.assert(
    fc.property(
      fc.array(pair, { maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...letters) }),
      (picks, word) => {
        const vocabulary = [...letters]
        const merges: [string, string][] = []
        for (const [left, right] of picks) {
          const merge: [string, string] = [
            vocabulary[left % vocabulary.length]!,
            vocabulary[right % vocabulary.length]!,
          ]
          merges.push(merge)
          if (!vocabulary.includes(merge.join(''))) vocabulary.push(merge.join(''))
        }
        const table = new TokenTable(new Map(vocabulary.map((token, id) => [token, id])))
        const { ids, sizes } = mergeSymbols(
          Array.from(word, (letter) => table.idOf(letter)!),
          new MergeTable(merges, table, ''),
        )
        expect(ids.map((id) => table.tokenOf(id))).toEqual(mergePlainly([...word], merges))
        expect(ids.map((id) => table.tokenOf(id)!.length)).toEqual(sizes)
      },
    ),
    { numRuns: 500 },
  )
})

function mergePlainly(
  symbols: readonly string[],
  merges: readonly (readonly [string, string])[],
): readonly string[] {
  for (const [left, right] of merges) {
    const at = symbols.findIndex((symbol, index) => symbol === left && symbols[index + 1] === right)
    if (at >= 0)
      return mergePlainly([...symbols.slice(0, at), left + right, ...symbols.slice(at + 2)], merges)
  }
  return symbols
}

test('a word of a million characters is no hazard', () => {
  const model = bpe({ vocabulary: { a: 0, aa: 1, aaaa: 2 }, merges: ['a a', 'aa aa'] })
  expect(model.tokenize('a'.repeat(1_000_000))).toHaveLength(250_000)
})

test('documents of any age are read, and written in the new form', () => {
  const document = { vocab: { a: 0, b: 1, ab: 2, '<unk>': 3 }, merges: ['a b'], unk_token: '<unk>' }
  expect(readBpe(new DocumentField(document, 'model')).toJSON()).toEqual({
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: { a: 0, b: 1, ab: 2, '<unk>': 3 },
    merges: [['a', 'b']],
  })
})

test.each([
  [{ vocab: { a: 'x' }, merges: [] }, `'model.vocab.a' is "x", expected a whole number`],
  [{ vocab: { a: 0.5 }, merges: [] }, `the id of "a" is 0.5, expected a whole number`],
  [{ vocab: { a: 0, b: 0 }, merges: [] }, `the id of "b" is 0, which is "a" too, expected an id of its own`],
  [{ vocab: { a: 0 }, merges: [7] }, `'model.merges[0]' is 7, expected two tokens`],
  [{ vocab: { a: 0 }, merges: ['ab'] }, `merge 0 is "ab", expected two tokens with a blank between`],
  [
    { vocab: { a: 0, b: 1 }, merges: ['a b'] },
    `merge 0 is "a b", expected tokens of the vocabulary ("ab" is none)`,
  ],
  [
    { vocab: { a: 0 }, merges: [], unk_token: '?' },
    `'unknownToken' is "?", expected a token of the vocabulary`,
  ],
  [{ vocab: { a: 0 }, merges: [], dropout: 0.1 }, `'model.dropout' is 0.1, expected null`],
  [{ vocab: [], merges: [] }, `'model.vocab' is an array of 0 items, expected an object`],
  [{ vocab: {} }, `'model.merges' is missing, expected an array`],
])('refuses %j', (document, message) => {
  expect(() => readBpe(new DocumentField(document, 'model'))).toThrow(message)
})
