import { byteLevel as byteLevelDecoder } from '../decoders/byte-level.ts'
import { describe, quote, TokenizerError } from '../errors.ts'
import { bpe } from '../models/bpe.ts'
import type { Normalizer } from '../normalizers/normalizer.ts'
import { bilingual } from '../pre-tokenizers/bilingual.ts'
import type { PreTokenizer } from '../pre-tokenizers/pre-tokenizer.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { byteAlphabet } from '../text/byte-alphabet.ts'
import { wellFormed } from '../text/unicode.ts'
import { Tokenizer } from '../tokenizer.ts'
import { trainBpe } from './bpe.ts'

export interface ByteLevelBpeTrainingOptions {
  /** Tokens to end with, at least 256 bytes and the special tokens; fewer come out where the text has no more pairs. */
  readonly vocabularySize: number
  /** They take the ids from 0, in this order. */
  readonly specialTokens?: readonly string[]
  /** Pairs that are rarer are not merged; 2 if left out. */
  readonly minimumFrequency?: number
  /** Must write bytes, as `byteLevel` does; `bilingual()` if left out. */
  readonly preTokenizer?: PreTokenizer
  readonly normalizer?: Normalizer
  /** Called now and then with the size that the vocabulary has reached. */
  readonly onProgress?: (vocabularySize: number) => void
}

/**
 * Trains byte-level BPE: every text can be encoded, and decoding gives it back unchanged. The same texts give the same
 * tokenizer. Throws for a vocabulary that has no room for 256 bytes and the special tokens.
 * Source: Radford et al. 2019, section 2.2.
 *
 * @example
 * const tokenizer = trainByteLevelBpe(['machine learning', '机器学习'], { vocabularySize: 300, specialTokens: ['<pad>'] })
 */
export function trainByteLevelBpe(texts: Iterable<string>, options: ByteLevelBpeTrainingOptions): Tokenizer {
  const { vocabularySize, specialTokens = [], minimumFrequency = 2, normalizer, onProgress } = options
  const { preTokenizer = bilingual() } = options
  const alphabet = byteAlphabet()
  checkOptions(vocabularySize, specialTokens, alphabet)
  const wordCounts = countWords(texts, preTokenizer, normalizer)
  checkAlphabet(wordCounts, new Set(alphabet))
  const { vocabulary, merges } = trainBpe(wordCounts, {
    vocabularySize,
    specialTokens,
    alphabet,
    minimumFrequency,
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  return new Tokenizer({
    model: bpe({ vocabulary, merges }),
    preTokenizer,
    normalizer,
    decoder: byteLevelDecoder(),
    addedTokens: specialTokens.map((content, id) => ({ id, content, special: true })),
  })
}

function countWords(
  texts: Iterable<string>,
  preTokenizer: PreTokenizer,
  normalizer: Normalizer | undefined,
): Map<string, number> {
  const counts = new Map<string, number>()
  let index = 0
  for (const text of texts) {
    if (typeof text !== 'string')
      reject(`text ${index}`, describe(text), 'a string', 'Pass an iterable of texts.')
    const source = new AlignedText(wellFormed(text))
    for (const { text: word } of preTokenizer.preTokenize(normalizer?.normalize(source) ?? source)) {
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    index++
  }
  if (counts.size === 0) {
    reject(
      `'texts'`,
      index === 0 ? 'empty' : `${index} texts without a word`,
      'text to learn from',
      'Check the source.',
    )
  }
  return counts
}

function checkOptions(
  vocabularySize: number,
  specialTokens: readonly string[],
  alphabet: readonly string[],
): void {
  const least = alphabet.length + specialTokens.length
  if (!Number.isInteger(vocabularySize) || vocabularySize < least) {
    reject(
      `'vocabularySize'`,
      describe(vocabularySize),
      `a whole number of at least ${least}: ${alphabet.length} bytes and ${specialTokens.length} special tokens`,
      'Ask for more tokens: a few thousand suit a small corpus.',
    )
  }
  const taken = new Set(alphabet)
  for (const token of specialTokens) {
    if (token === '' || taken.has(token)) {
      reject(
        `'specialTokens'`,
        `a list with ${quote(token)}`,
        'different texts that are no byte of the alphabet',
        'Write each special token once, such as <pad>.',
      )
    }
    taken.add(token)
  }
}

function checkAlphabet(counts: ReadonlyMap<string, number>, alphabet: ReadonlySet<string>): void {
  for (const word of counts.keys()) {
    for (const character of word) {
      if (alphabet.has(character)) continue
      reject(
        `a word of 'preTokenizer'`,
        quote(word),
        `one in the alphabet of bytes, which ${quote(character)} is not in`,
        'Let byteLevel() be the last part of the pre-tokenizer.',
      )
    }
  }
}

function reject(argument: string, got: string, expected: string, fix: string): never {
  throw new TokenizerError({ operation: 'trainByteLevelBpe', argument, got, expected, fix })
}
