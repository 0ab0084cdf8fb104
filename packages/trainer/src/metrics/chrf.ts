import { ArgumentError } from '@qkv/tensor'
import { countMatches, countNgrams } from './count-ngrams.ts'
import { pairUp, type ScoredPair } from './pair-up.ts'
import { splitWords } from './white-space.ts'

export interface ChrfOptions {
  /** The longest n-grams of characters; by default 6. */
  readonly characterOrder?: number
  /** The longest n-grams of words; by default 0, which is chrF. 2 is chrF++. */
  readonly wordOrder?: number
  /** How many times more recall counts than precision; by default 2. */
  readonly beta?: number
  /** Whether case is ignored; by default it is not. */
  readonly lowercase?: boolean
  /** Whether white space counts as characters; by default it is left out. */
  readonly whitespace?: boolean
}

export interface ChrfScore {
  /** From 0 to 100. */
  readonly score: number
}

/** N-grams of one order: of the hypothesis, of the reference, and in both. */
interface OrderCounts {
  readonly hypothesis: number
  readonly reference: number
  readonly matches: number
}

const PUNCTUATION = /[!-/:-@[-`{-~]/

/**
 * chrF of a corpus: the F-score of character n-grams, and with `wordOrder: 2` chrF++; the same figures as sacreBLEU.
 * References are a list of streams, `references[stream][sentence]`; of several, the best for each sentence counts.
 *
 * Source: Popović 2015 and 2017, and sacreBLEU (Post 2018)
 * @throws ArgumentError if the lists do not fit, or an option is out of range.
 * @example
 * corpusChrf(['the cat sat'], [['the cat sits']]).score // 61.034...
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: ChrfOptions = {},
): ChrfScore {
  return scorePairs('corpusChrf', pairUp('corpusChrf', hypotheses, references), options)
}

/**
 * chrF of one sentence against one reference or more.
 *
 * @throws ArgumentError if no reference has text, or an option is out of range.
 * @example
 * sentenceChrf('two words', ['two words']).score // 100
 */
export function sentenceChrf(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): ChrfScore {
  const streams = references.map((reference) => [reference])
  return scorePairs('sentenceChrf', pairUp('sentenceChrf', [hypothesis], streams), options)
}

function scorePairs(operation: string, pairs: readonly ScoredPair[], options: ChrfOptions): ChrfScore {
  const settings = {
    characterOrder: 6,
    wordOrder: 0,
    beta: 2,
    lowercase: false,
    whitespace: false,
    ...options,
  }
  checkSettings(operation, settings)
  const best = pairs.map(({ hypothesis, references }) => {
    const found = ngramsByOrder(hypothesis, settings)
    const candidates = references.map((reference) => compare(found, ngramsByOrder(reference, settings)))
    return candidates.reduce((left, right) =>
      score(right, settings.beta) > score(left, settings.beta) ? right : left,
    )
  })
  return { score: score(best.reduce(addCounts), settings.beta) }
}

function ngramsByOrder(text: string, settings: Required<ChrfOptions>): Map<string, number>[] {
  const cased = settings.lowercase ? text.toLowerCase() : text
  const characters = [...(settings.whitespace ? cased : splitWords(cased).join(''))]
  const words = settings.wordOrder === 0 ? [] : splitWords(cased).flatMap(separatePunctuation)
  return [
    ...Array.from({ length: settings.characterOrder }, (_, index) => countNgrams(characters, index + 1, '')),
    ...Array.from({ length: settings.wordOrder }, (_, index) => countNgrams(words, index + 1, ' ')),
  ]
}

/** One mark of punctuation at the end of a word, or else at its start, is a word of its own: `(hi)` is `(hi` and `)`. */
function separatePunctuation(word: string): string[] {
  const characters = [...word]
  if (characters.length === 1) return [word]
  if (PUNCTUATION.test(word.slice(-1))) return [word.slice(0, -1), word.slice(-1)]
  if (PUNCTUATION.test(word.slice(0, 1))) return [word.slice(0, 1), word.slice(1)]
  return [word]
}

function compare(
  hypothesis: readonly ReadonlyMap<string, number>[],
  reference: readonly ReadonlyMap<string, number>[],
): OrderCounts[] {
  return hypothesis.map((found, index) => {
    const wanted = reference[index]!
    // As in sacreBLEU: where the reference is too short for an order, the hypothesis is not blamed for having it.
    const counted = wanted.size === 0 ? 0 : total(found)
    return { hypothesis: counted, reference: total(wanted), matches: countMatches(found, wanted) }
  })
}

function total(ngrams: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const count of ngrams.values()) sum += count
  return sum
}

function addCounts(left: readonly OrderCounts[], right: readonly OrderCounts[]): OrderCounts[] {
  return left.map((counts, index) => {
    const other = right[index]!
    return {
      hypothesis: counts.hypothesis + other.hypothesis,
      reference: counts.reference + other.reference,
      matches: counts.matches + other.matches,
    }
  })
}

/** The F-score of mean precision and mean recall, over the orders that both sides have. */
function score(orders: readonly OrderCounts[], beta: number): number {
  const shared = orders.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0)
  if (shared.length === 0) return 0
  const precision = shared.reduce((sum, order) => sum + order.matches / order.hypothesis, 0) / shared.length
  const recall = shared.reduce((sum, order) => sum + order.matches / order.reference, 0) / shared.length
  if (precision + recall === 0) return 0
  return (100 * (1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall)
}

function checkSettings(operation: string, settings: Required<ChrfOptions>): void {
  const fail = (argument: string, got: number, expected: string, fix: string): never => {
    throw new ArgumentError({ operation, argument, got: `is ${got}`, expected, fix })
  }
  const { characterOrder, wordOrder, beta } = settings
  if (!Number.isSafeInteger(characterOrder) || characterOrder < 1) {
    fail('characterOrder', characterOrder, 'a whole number of 1 or more', 'Leave it out for the usual 6.')
  }
  if (!Number.isSafeInteger(wordOrder) || wordOrder < 0) {
    fail('wordOrder', wordOrder, 'a whole number of 0 or more', 'Use 0 for chrF, and 2 for chrF++.')
  }
  if (!Number.isFinite(beta) || beta <= 0) {
    fail('beta', beta, 'a number above 0', 'Leave it out for the usual 2.')
  }
}
