import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DocumentField } from '../document/document-field.ts'
import { readModel } from './registry.ts'
import { unigram } from './unigram.ts'
import { wordLevel } from './word-level.ts'
import { wordPiece } from './word-piece.ts'

test('word level: a token per word', () => {
  const model = wordLevel({ vocabulary: { hello: 0, '[UNK]': 1 }, unknownToken: '[UNK]' })
  expect(model.tokenize('hello')).toEqual([{ id: 0, token: 'hello', start: 0, end: 5 }])
  expect(model.tokenize('world')).toEqual([{ id: 1, token: '[UNK]', start: 0, end: 5 }])
  expect(() => wordLevel({ vocabulary: {}, unknownToken: '[UNK]' }).tokenize('x')).toThrow(
    `'unknownToken' is "[UNK]"`,
  )
})

test('word piece: the longest piece first, or the whole word unknown', () => {
  const vocabulary = { '[UNK]': 0, un: 1, '##aff': 2, '##able': 3, '##a': 4, '##学': 5 }
  const model = wordPiece({ vocabulary, maximumWordLength: 10 })
  expect(model.tokenize('unaffable').map(({ token, start, end }) => [token, start, end])).toEqual([
    ['un', 0, 2],
    ['##aff', 2, 5],
    ['##able', 5, 9],
  ])
  expect(model.tokenize('un学').map(({ id }) => id)).toEqual([1, 5])
  expect(model.tokenize('unaffix')).toEqual([{ id: 0, token: '[UNK]', start: 0, end: 7 }])
  expect(model.tokenize('unaffableaa').map(({ id }) => id)).toEqual([0])
})

test('unigram: the most probable of all cuts, as trying them all finds it', () => {
  const pieces = ['<unk>', 'a', 'b', 'ab', 'ba', 'aba', '学', 'a学']
  const scores = fc.array(fc.double({ min: -10, max: -0.1, noNaN: true }), { minLength: 8, maxLength: 8 })
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '学', '?'), maxLength: 7 })
  fc.assert(
    fc.property(scores, word, (values, text) => {
      const scored = pieces.map((piece, id): [string, number] => [piece, id === 0 ? 0 : values[id]!])
      const got = unigram({ pieces: scored, unknownId: 0 }).tokenize(text)
      expect(got.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
      const unknown = Math.min(...scored.map(([, score]) => score)) - 10
      const score = got.reduce(
        (sum, { id, start, end }) => sum + (id === 0 ? unknown * (end - start) : scored[id]![1]),
        0,
      )
      expect(score).toBeCloseTo(bestScore(text, new Map(scored.slice(1)), unknown), 9)
    }),
  )
})

function bestScore(text: string, scores: ReadonlyMap<string, number>, unknown: number): number {
  if (text === '') return 0
  let best = scores.has(text[0]!) ? -Infinity : unknown + bestScore(text.slice(1), scores, unknown)
  for (let end = 1; end <= text.length; end++) {
    const score = scores.get(text.slice(0, end))
    if (score !== undefined) best = Math.max(best, score + bestScore(text.slice(end), scores, unknown))
  }
  return best
}

test('unigram: neighbouring unknowns share a token, fall back to bytes, or are refused', () => {
  const pieces = [
    ['<unk>', 0],
    ['a', -1],
    ['<0xE5>', -2],
    ['<0xAD>', -2],
    ['<0xA6>', -2],
  ] as const
  const fused = unigram({ pieces, unknownId: 0 }).tokenize('a?!a')
  expect(fused.map(({ token, id }) => [token, id])).toEqual([
    ['a', 1],
    ['?!', 0],
    ['a', 1],
  ])
  const bytes = unigram({ pieces, unknownId: 0, byteFallback: true }).tokenize('学a')
  expect(bytes.map(({ id }) => id)).toEqual([2, 3, 4, 1])
  expect(() => unigram({ pieces }).tokenize('?')).toThrow(
    `a part of the text is "?", expected text that pieces cover`,
  )
  expect(() => unigram({ pieces, unknownId: 9 })).toThrow(`'unknownId' is 9, expected an id below 5`)
})

test.each([
  { type: 'WordLevel', vocab: { a: 0, '[UNK]': 1 }, unk_token: '[UNK]' },
  {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '[UNK]': 0 },
  },
  {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['a', -1.5],
    ],
    byte_fallback: false,
  },
])('a model writes the document that it was read from: %j', (document) => {
  expect(readModel(new DocumentField(document, 'model')).toJSON()).toEqual(document)
})

function typeOf(document: unknown): string {
  return readModel(new DocumentField(document, 'model')).toJSON().type
}

test('documents without a type are told by their fields', () => {
  expect(typeOf({ vocab: {}, merges: [] })).toBe('BPE')
  expect(typeOf({ vocab: [['<unk>', 0]], unk_id: 0 })).toBe('Unigram')
  expect(typeOf({ vocab: {}, max_input_chars_per_word: 9 })).toBe('WordPiece')
  expect(() => typeOf({ vocab: {} })).toThrow(`'model.type' is missing, expected a string`)
  expect(() => typeOf({ type: 'Markov' })).toThrow(
    'expected a known model: BPE, Unigram, WordLevel, WordPiece',
  )
  expect(() => typeOf({ type: 'Unigram', vocab: [['a']] })).toThrow(`'model.vocab[0]' is an array of 1 items`)
})
