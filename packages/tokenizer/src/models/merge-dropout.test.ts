import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenizerError } from '../errors.ts'
import { trainByteLevelBpe } from '../trainers/byte-level-bpe.ts'
import { trainCharacterLevel } from '../trainers/character-level.ts'

const TEXTS = ['machine learning', 'machines learn', 'the machine is learning', '我们学习']
const tokenizer = trainByteLevelBpe(TEXTS, { vocabularySize: 300 })

/** The same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('any segmentation decodes to the same text', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TEXTS),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.nat(),
      (text, rate, seed) => {
        const { ids, offsets } = tokenizer.encode(text, { dropout: { rate, random: generator(seed) } })
        expect(tokenizer.decode(ids)).toBe(text)
        expect(offsets.at(-1)![1]).toBe(text.length)
      },
    ),
  )
})

test('at rate 0 nothing is dropped, and where all are dropped bytes are left', () => {
  const plain = tokenizer.encode('machine learning').ids
  expect(tokenizer.encode('machine learning', { dropout: { rate: 0, random: () => 0 } }).ids).toEqual(plain)
  const bytes = tokenizer.encode('machine learning', { dropout: { rate: 0.5, random: () => 0.4 } })
  expect(bytes.tokens.join(' ')).toBe('m a c h i n e Ġ l e a r n i n g')
})

test('a merge that was passed over may still come after another one', () => {
  const two = trainByteLevelBpe(['ab ab ab cd cd'], { vocabularySize: 258 })
  const numbers = [0, 0.9, 0.9]
  const random = (): number => numbers.shift() ?? 0.9
  expect(two.encode('abcd', { dropout: { rate: 0.5, random } }).tokens).toEqual(['ab', 'cd'])
})

test('about one word in so many is split otherwise, and no other encoding is changed by it', () => {
  const random = generator(1)
  const drawn = Array.from({ length: 1000 }, () =>
    tokenizer.encode('machine', { dropout: { rate: 0.1, random } }),
  )
  const whole = tokenizer.encode('machine').tokens
  const same = drawn.filter(({ tokens }) => tokens.join(' ') === whole.join(' ')).length
  expect(same).toBeGreaterThan(300)
  expect(same).toBeLessThan(950)
  expect(new Set(drawn.map(({ tokens }) => tokens.join(' '))).size).toBeGreaterThan(5)
  expect(tokenizer.encode('machine').tokens).toEqual(whole)
})

test('refuses rates that are none, and models that do not merge', () => {
  const random = generator(1)
  expect(() => tokenizer.encode('a', { dropout: { rate: 1, random } })).toThrow(TokenizerError)
  expect(() => tokenizer.encode('a', { dropout: { rate: Number.NaN, random } })).toThrow(
    `encode: 'dropout' is a rate of NaN, expected a rate from 0 to below 1`,
  )
  const characters = trainCharacterLevel(TEXTS, { vocabularySize: 50 })
  expect(() => characters.encode('a', { dropout: { rate: 0.1, random } })).toThrow('a model that merges')
})
