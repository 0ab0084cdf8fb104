import { createRandomGenerator } from '../random/random-generator.ts'
import { shuffle } from '../random/shuffle.ts'
import type { Pair } from '../text/pair.ts'
import { generatePairs } from './generate.ts'
import { holdOut } from './held-out.ts'
import { patterns } from './patterns/index.ts'
import { phrases } from './phrases/index.ts'

/** The corpus in two parts without a common sentence. */
export interface PhraseBook {
  /** The hand-written phrases and most of the generated sentences, in random order. */
  readonly train: Pair[]
  /** Generated sentences: new combinations of words that all occur in training. */
  readonly test: Pair[]
}

const generatedPairs = 9000
const testPairs = 500

/**
 * Makes the Chinese-English corpus of this package: `source` is simplified Chinese, `target` American English.
 *
 * A hand-written phrase book, and sentences from a grammar with a typed lexicon. Each source has one target, and
 * equal seeds give equal corpora. A sentence has its marks; words that are no sentence have neither mark nor capital.
 * Throws a DataError when the seed is not a whole number of at least 0.
 *
 * @example
 * const { train, test } = phraseBook({ seed: 1 })
 * train.find(({ source }) => source === '机器学习') // { source: '机器学习', target: 'machine learning' }
 */
export function phraseBook({ seed = 1 }: { seed?: number } = {}): PhraseBook {
  const taken = new Set(phrases.map(({ source }) => source))
  const generated = generatePairs(patterns, { count: generatedPairs, seed, taken })
  const random = createRandomGenerator(seed, 1)
  const { train, test } = holdOut(generated, { count: testPairs, random, phrases })
  return { train: shuffle(train, random), test }
}
