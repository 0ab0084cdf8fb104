import { phraseBook } from '@qkv/data/phrase-book'
import { expect, test } from 'vitest'
import { RunError } from '../errors/run-error.ts'
import { checkBars, shuffledBleuOf } from './demo-bars.ts'

const learned = { exactMatch: 85, bleu: 90, shuffledBleu: 15, machineLearning: 'machine learning' }

test('a model that reaches every bar passes', () => {
  expect(() => checkBars(learned)).not.toThrow()
})

test.each([
  [{ exactMatch: 84.9 }, "'exact match' is 84.9 %, expected at least 85 %"],
  [{ exactMatch: Number.NaN }, "'exact match' is NaN %"],
  [{ bleu: 89.9 }, "'BLEU' is 89.9, expected at least 90"],
  [{ shuffledBleu: 15.1 }, "'BLEU with shuffled sources' is 15.1, expected at most 15"],
  [{ shuffledBleu: Number.NaN }, "'BLEU with shuffled sources' is NaN"],
  [
    { machineLearning: 'Machine learning' },
    "'机器学习' came out as 'Machine learning', expected 'machine learning'",
  ],
])('%j fails', (change, sentence) => {
  expect(() => checkBars({ ...learned, ...change })).toThrow(RunError)
  expect(() => checkBars({ ...learned, ...change })).toThrow(sentence)
})

test('shuffled sources take a perfect translator down, unless all sentences are the same', () => {
  const { test: pairs } = phraseBook()
  expect(
    shuffledBleuOf(
      pairs.map(({ target }) => target),
      pairs,
    ),
  ).toBeLessThan(12)
  const same = Array.from({ length: 40 }, () => ({
    source: '我',
    target: 'It is very hot in Beijing today.',
  }))
  expect(
    shuffledBleuOf(
      same.map(({ target }) => target),
      same,
    ),
  ).toBeCloseTo(100)
})
