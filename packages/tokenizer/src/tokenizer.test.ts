import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { templateProcessing } from './post-processors/template-processing.ts'
import { byteLevel } from './pre-tokenizers/byte-level.ts'
import { Tokenizer, type TokenizerInput } from './tokenizer.ts'
import { trainByteLevelBpe } from './trainers/byte-level-bpe.ts'

const TEXTS = ['我们爱学习机器学习', 'we love machine learning', 'machines learn, we learn 🤖', 'naïve café']
// Twice, so that each word is frequent enough to become one token.
const tokenizer = trainByteLevelBpe([...TEXTS, ...TEXTS], {
  vocabularySize: 420,
  specialTokens: ['<pad>', '<bos>', '<eos>'],
})
const framed = tokenizer.with({
  postProcessor: templateProcessing({
    single: ['<bos>', '$A', '<eos>'],
    pair: ['<bos>', '$A', '<eos>', '$B:1', '<eos>:1'],
    specialTokens: { '<bos>': 1, '<eos>': 2 },
  }),
})

/** Well-formed text with what the tokenizer knows, and with what it has never seen. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...TEXTS, ' ', '\n', '学', 'ing', '<eos>', '👩‍👧', '\u0301'), { maxLength: 8 })
    .map((parts) => parts.join('')),
)

describe('byte-level BPE, for any text', () => {
  test('decoding gives the text back', () => {
    fc.assert(
      fc.property(text, (source) => {
        const { ids } = tokenizer.encode(source)
        expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(source)
      }),
      { numRuns: 500 },
    )
  })

  test('offsets rise, and together cover the text', () => {
    fc.assert(
      fc.property(text, (source) => {
        const { offsets } = tokenizer.encode(source)
        let covered = 0
        for (const [start, end] of offsets) {
          expect(start).toBeLessThanOrEqual(covered)
          expect(end).toBeGreaterThanOrEqual(covered)
          covered = end
        }
        expect(covered).toBe(source.length)
      }),
      { numRuns: 500 },
    )
  })

  test('a token that is text by itself stands at its offsets', () => {
    const { ids, offsets } = tokenizer.encode('机器 learn 🤖 <eos>')
    const slices = offsets.map(([start, end]) => '机器 learn 🤖 <eos>'.slice(start, end))
    for (const [index, id] of ids.entries()) {
      const decoded = tokenizer.decode([id], { skipSpecialTokens: false })
      expect([slices[index], '\uFFFD', ` \uFFFD`]).toContain(decoded)
    }
  })

  test('a batch is its members one by one, in the form the longest has', () => {
    const input: fc.Arbitrary<TokenizerInput> = fc.oneof(text, fc.tuple(text, text))
    fc.assert(
      fc.property(fc.array(input, { maxLength: 4 }), (inputs) => {
        const single = inputs.map((one) =>
          typeof one === 'string' ? framed.encode(one) : framed.encode(one[0], { pair: one[1] }),
        )
        expect(framed.encodeBatch(inputs)).toEqual(single)
        const length = Math.max(0, ...single.map(({ ids }) => ids.length))
        for (const [index, padded] of framed.encodeBatch(inputs, { padding: 'longest' }).entries()) {
          expect(padded.ids).toHaveLength(length)
          expect(padded.ids.filter((_, place) => padded.attentionMask[place] === 1)).toEqual(
            single[index]!.ids,
          )
        }
      }),
    )
  })

  test('lone surrogates count as U+FFFD, wherever they stand', () => {
    const source = 'a\uD800b\uDC00'
    expect(tokenizer.decode(tokenizer.encode(source).ids)).toBe('a\uFFFDb\uFFFD')
    expect(tokenizer.encode(source).offsets.at(-1)).toEqual([3, 4])
  })

  test('a saved tokenizer does the same', () => {
    const saved = framed.with({ truncation: { maximumLength: 9, stride: 1 }, padding: { multipleOf: 4 } })
    const read = Tokenizer.fromJSON(JSON.stringify(saved))
    expect(read.toJSON()).toEqual(JSON.parse(JSON.stringify(saved)))
    fc.assert(
      fc.property(text, (source) => {
        expect(read.encode(source)).toEqual(saved.encode(source))
      }),
    )
  })
})

test('what encode gives', () => {
  expect(framed.encode('爱 we', { pair: 'we' })).toEqual({
    ids: [
      1,
      ...['çĪ±', 'Ġwe'].map((token) => tokenizer.requireTokenId(token)),
      2,
      tokenizer.requireTokenId('we'),
      2,
    ],
    tokens: ['<bos>', 'çĪ±', 'Ġwe', '<eos>', 'we', '<eos>'],
    offsets: [
      [0, 0],
      [0, 1],
      [1, 4],
      [0, 0],
      [0, 2],
      [0, 0],
    ],
    typeIds: [0, 0, 0, 0, 1, 1],
    attentionMask: [1, 1, 1, 1, 1, 1],
    specialTokensMask: [1, 0, 0, 1, 0, 1],
    wordIds: [null, 0, 1, null, 0, null],
    overflowing: [],
  })
})

test('options overrule what the tokenizer does by itself', () => {
  const strict = framed.with({ truncation: { maximumLength: 4 }, padding: { length: 6 } })
  expect(strict.encode('we we we we').ids).toHaveLength(6)
  expect(strict.encode('we we we we', { padding: 'none' }).ids).toHaveLength(4)
  expect(strict.encode('we we we we', { truncation: 'none', padding: 'none' }).ids).toHaveLength(6)
  expect(strict.encode('we', { addSpecialTokens: false, padding: { length: 2 } }).tokens).toEqual([
    'we',
    '<pad>',
  ])
  expect(framed.encode('we we we we', { truncation: { maximumLength: 4 } }).overflowing).toHaveLength(1)
})

test('special tokens in text are found, and skipped when decoding', () => {
  const { ids } = tokenizer.encode('we<eos>')
  expect(ids.at(-1)).toBe(2)
  expect(tokenizer.decode(ids)).toBe('we')
  expect(tokenizer.decode(Int32Array.from(ids), { skipSpecialTokens: false })).toBe('we<eos>')
})

test('without a decoder, tokens are parted by blanks', () => {
  expect(tokenizer.with({ decoder: undefined }).decode(tokenizer.encode('we we').ids)).toBe('we Ġwe')
})

test('ids and tokens, also of added tokens beyond the model', () => {
  const more = tokenizer.with({ addedTokens: [...tokenizer.addedTokens, { id: 500, content: '<mask>' }] })
  expect([more.vocabularySize, more.tokenToId('<mask>'), more.idToToken(500)]).toEqual([501, 500, '<mask>'])
  expect(more.encode('we <mask>').ids.at(-1)).toBe(500)
  expect([more.tokenToId('nothing'), more.idToToken(499)]).toEqual([undefined, undefined])
})

describe('errors name what was wrong and how to mend it', () => {
  const size = tokenizer.vocabularySize
  test.each([
    [
      () => tokenizer.decode([size]),
      `decode: an id is ${size}, expected the id of a token: a whole number from 0 to ${size - 1} (vocabulary size ${size})`,
    ],
    [() => tokenizer.decode([-100]), 'decode: an id is -100'],
    [() => tokenizer.decode([1.5]), 'decode: an id is 1.5'],
    [() => tokenizer.encode(7 as unknown as string), 'encode: the text is 7, expected a string'],
    [() => tokenizer.encode('a', { pair: null as unknown as string }), 'encode: the text is null'],
    [
      () => tokenizer.encodeBatch([['a'] as unknown as [string, string]]),
      'encode: the text is an array of 1 items',
    ],
    [
      () => tokenizer.requireTokenId('<mask>'),
      `the token is "<mask>", expected one that this tokenizer has (special tokens: <pad>, <bos>, <eos>)`,
    ],
    [
      () => trainByteLevelBpe(TEXTS, { vocabularySize: 300 }).encode('a', { padding: 'longest' }),
      'pad: the padding token is not named',
    ],
    [() => Tokenizer.fromJSON('tokenizer.json'), `read tokenizer.json: the document is "tokenizer.json" (`],
    [() => Tokenizer.fromJSON(null), 'read tokenizer.json: the document is null, expected an object'],
    [() => Tokenizer.fromJSON({}), `'model' is missing, expected an object`],
    [
      () => Tokenizer.fromJSON({ ...tokenizer.toJSON(), added_tokens: [{ id: 'x' }] }),
      `'added_tokens[0].id' is "x", expected a whole number`,
    ],
    [
      () => Tokenizer.fromJSON({ ...tokenizer.toJSON(), normalizer: { type: 'nfc' } }),
      `'normalizer.type' is "nfc", expected a known normalizer`,
    ],
  ] as const)('%s', (call, message) => {
    expect(call).toThrow(message)
    expect(call).toThrow(/^[^:]+: .+ is .+, expected .+\. .+\.$/su)
  })
})

test('stages can be put together by hand', () => {
  const prefixed = tokenizer.with({ preTokenizer: byteLevel({ addPrefixSpace: true }) })
  expect(prefixed.encode('we').tokens).toEqual(['Ġwe'])
})
