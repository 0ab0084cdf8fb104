import { type Pair, split } from '@qkv/data'
import { phraseBook } from '@qkv/data/phrase-book'

export interface PhraseBookChoice {
  /** Which of the phrase books. */
  readonly seed: number
  /** How many training pairs to hold out. */
  readonly validation: number
  /** `forward` is Chinese to English. */
  readonly direction: 'forward' | 'reverse'
}

/** One seed for all held-out parts: the same pairs are held out whatever a training is like. */
export const splitSeed = 1

/**
 * The phrase book in three parts.
 *
 * @example
 * const { train, validation, test } = phraseBookCorpus({ seed: 1, validation: 500, direction: 'forward' })
 */
export function phraseBookCorpus({ seed, validation, direction }: PhraseBookChoice): {
  readonly train: readonly Pair[]
  readonly validation: readonly Pair[]
  readonly test: readonly Pair[]
} {
  const { train, test } = phraseBook({ seed })
  const held = split(train, { validation, test: 0, seed: splitSeed })
  const turn = direction === 'forward' ? (pairs: readonly Pair[]) => pairs : reversePairs
  return { train: turn(held.train), validation: turn(held.validation), test: turn(test) }
}

/** The same pairs for the other direction. */
export function reversePairs(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.map(({ source, target }) => ({ source: target, target: source }))
}
