import { fuse } from '../decoders/fuse.ts'
import { describe, quote, TokenizerError } from '../errors.ts'
import { wordLevel } from '../models/word-level.ts'
import { split } from '../pre-tokenizers/split.ts'
import { wellFormed } from '../text/unicode.ts'
import { Tokenizer } from '../tokenizer.ts'

export interface CharacterLevelTrainingOptions {
  /** Tokens to end with, special ones and the unknown one among them; fewer come out where the text has no more characters. */
  readonly vocabularySize: number
  /** Stands for characters that are not in the vocabulary; one of the special tokens. `<unk>` if left out. */
  readonly unknownToken?: string
  /** They take the ids from 0, in this order; the unknown token follows where it is not among them. */
  readonly specialTokens?: readonly string[]
  /** Characters that are rarer become the unknown token, which learns what to make of strangers; 2 if left out. */
  readonly minimumFrequency?: number
}

/**
 * Makes every character a token, the most frequent ones first: right for small Chinese corpora, where words are rarer than
 * their characters. A character is a Unicode code point. Throws for a vocabulary without room for the special tokens.
 *
 * @example
 * const tokenizer = trainCharacterLevel(['机器学习', '学习'], { vocabularySize: 100, specialTokens: ['<pad>'] })
 * tokenizer.encode('学习').tokens // ['学', '习']
 */
export function trainCharacterLevel(
  texts: Iterable<string>,
  options: CharacterLevelTrainingOptions,
): Tokenizer {
  const { vocabularySize, unknownToken = '<unk>', minimumFrequency = 2 } = options
  const specialTokens = [...new Set([...(options.specialTokens ?? []), unknownToken])]
  checkOptions(vocabularySize, specialTokens)
  const taken = new Set(specialTokens)
  const characters = [...countCharacters(texts)]
    .filter(([character, count]) => count >= minimumFrequency && !taken.has(character))
    .toSorted(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .map(([character]) => character)
  const tokens = [...specialTokens, ...characters].slice(0, vocabularySize)
  return new Tokenizer({
    model: wordLevel({ vocabulary: new Map(tokens.map((token, id) => [token, id])), unknownToken }),
    preTokenizer: split({ pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated' }),
    decoder: fuse(),
    addedTokens: specialTokens.map((content, id) => ({ id, content, special: true })),
  })
}

function countCharacters(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  let index = 0
  for (const text of texts) {
    if (typeof text !== 'string')
      reject(`text ${index}`, describe(text), 'a string', 'Pass an iterable of texts.')
    for (const character of wellFormed(text)) counts.set(character, (counts.get(character) ?? 0) + 1)
    index++
  }
  return counts
}

function checkOptions(vocabularySize: number, specialTokens: readonly string[]): void {
  if (!Number.isInteger(vocabularySize) || vocabularySize <= specialTokens.length) {
    reject(
      `'vocabularySize'`,
      describe(vocabularySize),
      `a whole number above ${specialTokens.length}, the number of special tokens`,
      'Ask for more tokens: Chinese needs a few thousand.',
    )
  }
  if (!specialTokens.includes('')) return
  reject(
    `'specialTokens'`,
    `a list with ${quote('')}`,
    'texts that are not empty',
    'Write it out, such as <pad>.',
  )
}

function reject(argument: string, got: string, expected: string, fix: string): never {
  throw new TokenizerError({ operation: 'trainCharacterLevel', argument, got, expected, fix })
}
