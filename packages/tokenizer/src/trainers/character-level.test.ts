import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenizerError } from '../errors.ts'
import { Tokenizer } from '../tokenizer.ts'
import { trainCharacterLevel } from './character-level.ts'

const TEXTS = ['机器学习', '学习𠮷野', '我爱学习 1', '1𠮷']

test('special tokens come first, then characters by how often they occur', () => {
  const tokenizer = trainCharacterLevel(TEXTS, { vocabularySize: 8, specialTokens: ['<pad>', '<eos>'] })
  const tokens = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.idToToken(id))
  expect(tokens).toEqual(['<pad>', '<eos>', '<unk>', '习', '学', '1', '𠮷'])
  expect(tokenizer.encode('我𠮷习').tokens).toEqual(['<unk>', '𠮷', '习'])
})

test('the size and the minimum frequency bound the vocabulary', () => {
  expect(trainCharacterLevel(TEXTS, { vocabularySize: 3 }).vocabularySize).toBe(3)
  expect(trainCharacterLevel(TEXTS, { vocabularySize: 99, minimumFrequency: 1 }).vocabularySize).toBe(11)
})

test('known text comes back unchanged, with the offsets of its characters, also from its document', () => {
  const trained = trainCharacterLevel(TEXTS, { vocabularySize: 99, minimumFrequency: 1 })
  const tokenizer = Tokenizer.fromJSON(JSON.stringify(trained))
  const known = fc.array(fc.constantFrom(...TEXTS.join('')), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(known, (characters) => {
      const text = characters.join('')
      const { ids, offsets } = tokenizer.encode(text)
      expect(tokenizer.decode(ids)).toBe(text)
      expect(offsets.map(([start, end]) => text.slice(start, end))).toEqual(characters)
      expect(trained.encode(text).ids).toEqual(ids)
    }),
  )
})

test.each([
  [TEXTS, { vocabularySize: 1 }, `'vocabularySize' is 1, expected a whole number above 1`],
  [TEXTS, { vocabularySize: 2.5 }, `'vocabularySize' is 2.5`],
  [TEXTS, { vocabularySize: 9, specialTokens: [''] }, `'specialTokens' is a list with ""`],
  [[3 as never], { vocabularySize: 9 }, 'text 0 is 3, expected a string'],
])('refuses %j with %j', (texts, options, message) => {
  expect(() => trainCharacterLevel(texts, options)).toThrow(TokenizerError)
  expect(() => trainCharacterLevel(texts, options)).toThrow(message)
})
