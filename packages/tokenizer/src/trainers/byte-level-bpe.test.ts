import { expect, test } from 'vitest'
import { TokenizerError } from '../errors.ts'
import { lowercase } from '../normalizers/lowercase.ts'
import { byteLevel } from '../pre-tokenizers/byte-level.ts'
import { whitespace } from '../pre-tokenizers/whitespace.ts'
import { trainByteLevelBpe } from './byte-level-bpe.ts'

const TEXTS = ['我们爱学习', '我们学机器', 'we love learning', 'we love machines']

test('special tokens come first, then 256 bytes, then merges', () => {
  const tokenizer = trainByteLevelBpe(TEXTS, { vocabularySize: 290, specialTokens: ['<pad>', '<eos>'] })
  expect([tokenizer.tokenToId('<pad>'), tokenizer.tokenToId('<eos>'), tokenizer.tokenToId('!')]).toEqual([
    0, 1, 2,
  ])
  expect(tokenizer.vocabularySize).toBeLessThanOrEqual(290)
  expect(tokenizer.encode('we love <eos>').tokens).toEqual(['we', 'Ġlove', 'Ġ', '<eos>'])
})

test('Han characters are learned, but not clauses; with the pattern of GPT-2 alone clauses are', () => {
  const options = { vocabularySize: 330 }
  const bilingual = trainByteLevelBpe(TEXTS, options)
  expect(bilingual.encode('我们').ids).toHaveLength(2)
  const plain = trainByteLevelBpe(TEXTS, { ...options, preTokenizer: byteLevel() })
  expect(plain.encode('我们').ids).toHaveLength(1)
})

test('the same texts give the same tokenizer', () => {
  const [first, second] = [TEXTS, TEXTS.values()].map((texts) =>
    trainByteLevelBpe(texts, { vocabularySize: 300 }),
  )
  expect(JSON.stringify(first)).toBe(JSON.stringify(second))
})

test('the minimum frequency ends training early, and a normalizer stays with the tokenizer', () => {
  const rare = trainByteLevelBpe(['abc abc'], { vocabularySize: 400, minimumFrequency: 3 })
  expect(rare.vocabularySize).toBe(256)
  const tokenizer = trainByteLevelBpe(['ABAB abab'], { vocabularySize: 257, normalizer: lowercase() })
  expect(tokenizer.encode('ABab').tokens).toEqual(['ab', 'ab'])
})

test.each([
  [
    TEXTS,
    { vocabularySize: 256, specialTokens: ['<pad>'] },
    `'vocabularySize' is 256, expected a whole number of at least 257`,
  ],
  [TEXTS, { vocabularySize: 300.5 }, `'vocabularySize' is 300.5`],
  [TEXTS, { vocabularySize: 300, specialTokens: ['a'] }, `'specialTokens' is a list with "a"`],
  [TEXTS, { vocabularySize: 300, specialTokens: ['<s>', '<s>'] }, `'specialTokens' is a list with "<s>"`],
  [TEXTS, { vocabularySize: 300, specialTokens: [''] }, `'specialTokens' is a list with ""`],
  [
    TEXTS,
    { vocabularySize: 300, preTokenizer: whitespace() },
    `a word of 'preTokenizer' is "我们爱学习", expected one in the`,
  ],
  [[], { vocabularySize: 300 }, `'texts' is empty, expected text to learn from`],
  [['', ''], { vocabularySize: 300 }, `'texts' is 2 texts without a word`],
])('refuses %j with %j', (texts, options, message) => {
  expect(() => trainByteLevelBpe(texts, options)).toThrow(TokenizerError)
  expect(() => trainByteLevelBpe(texts, options)).toThrow(message)
})

test('refuses what is no text', () => {
  const texts = ['a', 7] as string[]
  expect(() => trainByteLevelBpe(texts, { vocabularySize: 300 })).toThrow(
    'trainByteLevelBpe: text 1 is 7, expected a string',
  )
})
