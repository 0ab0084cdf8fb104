import { ArgumentError } from '@qkv/tensor'
import { type BleuTokenizer, type BleuTokenizerName, bleuTokenizers } from './bleu-tokenizers/index.ts'
import { countMatches, countNgrams } from './count-ngrams.ts'
import { pairUp, type ScoredPair } from './pair-up.ts'
import { trimEnd } from './white-space.ts'

/**
 * What stands in for the precision of an order without a match: `exp` halves 1 / total each time, `{ floor }` counts that
 * many matches, `{ addK }` adds to matches and totals of all orders above 1, and `none` leaves a score of 0.
 */
export type BleuSmoothing = 'exp' | 'none' | { readonly floor: number } | { readonly addK: number }

export interface BleuOptions {
  /** By default `13a`; use `zh` or `char` where words are not spaced. */
  readonly tokenizer?: BleuTokenizerName | BleuTokenizer
  /** Whether case is ignored; by default it is not. */
  readonly lowercase?: boolean
  /** By default `exp`. */
  readonly smoothing?: BleuSmoothing
  /** The longest n-grams, in tokens; by default 4. */
  readonly maximumOrder?: number
  /** Whether orders longer than the texts are left out; by default only for a single sentence. */
  readonly effectiveOrder?: boolean
}

export interface BleuScore {
  /** From 0 to 100. */
  readonly score: number
  /** From 0 to 1: below 1 if the hypotheses are shorter than the references. */
  readonly brevityPenalty: number
  /** Matching n-grams by order, from 1 on. */
  readonly counts: readonly number[]
  /** All n-grams of the hypotheses by order. */
  readonly totals: readonly number[]
  /** From 0 to 100 by order, after smoothing. */
  readonly precisions: readonly number[]
  /** In tokens. */
  readonly hypothesisLength: number
  /** In tokens: for each sentence, that of the reference closest in length. */
  readonly referenceLength: number
}

/**
 * BLEU of a corpus: the geometric mean of n-gram precisions, times the brevity penalty; the same figures as sacreBLEU.
 * References are a list of streams, `references[stream][sentence]`; an empty text in a stream is left out.
 *
 * Source: Papineni et al. 2002, and sacreBLEU (Post 2018)
 * @throws ArgumentError if the lists do not fit, or an option is not known.
 * @example
 * corpusBleu(['the cat sat on the mat'], [['the cat sat on a mat']]).score // 53.728...
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: BleuOptions = {},
): BleuScore {
  return scorePairs('corpusBleu', pairUp('corpusBleu', hypotheses, references), options)
}

/**
 * BLEU of one sentence against one reference or more. By default orders longer than the sentence are left out, as a
 * perfect sentence of two words would get 0 otherwise.
 *
 * @throws ArgumentError if no reference has text, or an option is not known.
 * @example
 * sentenceBleu('two words', ['two words']).score // 100
 */
export function sentenceBleu(
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): BleuScore {
  const streams = references.map((reference) => [reference])
  const pairs = pairUp('sentenceBleu', [hypothesis], streams)
  return scorePairs('sentenceBleu', pairs, { effectiveOrder: true, ...options })
}

function scorePairs(operation: string, pairs: readonly ScoredPair[], options: BleuOptions): BleuScore {
  const { lowercase = false, smoothing = 'exp', maximumOrder = 4, effectiveOrder = false } = options
  checkOrder(operation, maximumOrder)
  checkSmoothing(operation, smoothing)
  const tokenizer = resolveTokenizer(operation, options.tokenizer ?? '13a')
  const tokenize = (text: string): string[] => tokenizer(trimEnd(lowercase ? text.toLowerCase() : text))

  const counts = Array.from({ length: maximumOrder }, () => 0)
  const totals = Array.from({ length: maximumOrder }, () => 0)
  let hypothesisLength = 0
  let referenceLength = 0
  for (const pair of pairs) {
    const hypothesis = tokenize(pair.hypothesis)
    const references = pair.references.map(tokenize)
    hypothesisLength += hypothesis.length
    referenceLength += closestLength(hypothesis.length, references)
    for (let order = 1; order <= maximumOrder; order += 1) {
      counts[order - 1]! += countMatches(countNgrams(hypothesis, order, ' '), countInAny(references, order))
      totals[order - 1]! += Math.max(0, hypothesis.length - order + 1)
    }
  }

  const brevityPenalty = penalty(hypothesisLength, referenceLength)
  const { precisions, orders } = smoothedPrecisions(counts, totals, smoothing, effectiveOrder)
  const logarithms = precisions.slice(0, orders).map(Math.log)
  const mean = logarithms.reduce((total, logarithm) => total + logarithm, 0) / orders
  const score = counts.some((count) => count > 0) ? brevityPenalty * Math.exp(mean) : 0
  return { score, brevityPenalty, counts, totals, precisions, hypothesisLength, referenceLength }
}

/** N-grams of all references, each as often as in the one that has it most often. */
function countInAny(references: readonly (readonly string[])[], order: number): Map<string, number> {
  const most = new Map<string, number>()
  for (const reference of references) {
    for (const [ngram, count] of countNgrams(reference, order, ' ')) {
      most.set(ngram, Math.max(count, most.get(ngram) ?? 0))
    }
  }
  return most
}

/** The length of the reference closest in length; of two that are equally close, the shorter. */
function closestLength(length: number, references: readonly (readonly string[])[]): number {
  const lengths = references.map((reference) => reference.length)
  return lengths.reduce((best, candidate) => {
    const difference = Math.abs(candidate - length) - Math.abs(best - length)
    return difference < 0 || (difference === 0 && candidate < best) ? candidate : best
  })
}

function penalty(hypothesisLength: number, referenceLength: number): number {
  if (hypothesisLength >= referenceLength) return 1
  return hypothesisLength === 0 ? 0 : Math.exp(1 - referenceLength / hypothesisLength)
}

function smoothedPrecisions(
  counts: readonly number[],
  totals: readonly number[],
  smoothing: BleuSmoothing,
  effectiveOrder: boolean,
): { precisions: number[]; orders: number } {
  const precisions = counts.map(() => 0)
  let orders = counts.length
  // Without any match nothing is smoothed: the score is 0.
  if (counts.every((count) => count === 0)) return { precisions, orders }

  let halvings = 1
  for (const [index, matches] of counts.entries()) {
    const extra = typeof smoothing === 'object' && 'addK' in smoothing && index > 0 ? smoothing.addK : 0
    const count = matches + extra
    const total = totals[index]! + extra
    if (total === 0) break
    if (effectiveOrder) orders = index + 1
    if (count > 0) {
      precisions[index] = (100 * count) / total
    } else if (smoothing === 'exp') {
      halvings *= 2
      precisions[index] = 100 / (halvings * total)
    } else if (typeof smoothing === 'object' && 'floor' in smoothing) {
      precisions[index] = (100 * smoothing.floor) / total
    }
  }
  return { precisions, orders }
}

function resolveTokenizer(operation: string, tokenizer: BleuTokenizerName | BleuTokenizer): BleuTokenizer {
  if (typeof tokenizer === 'function') return tokenizer
  if (Object.hasOwn(bleuTokenizers, tokenizer)) return bleuTokenizers[tokenizer]
  throw new ArgumentError({
    operation,
    argument: 'tokenizer',
    got: `is ${JSON.stringify(tokenizer)}`,
    expected: `a function, or one of ${Object.keys(bleuTokenizers).join(', ')}`,
    fix: 'Use zh or char for Chinese, and 13a for most others.',
  })
}

function checkOrder(operation: string, maximumOrder: number): void {
  if (Number.isSafeInteger(maximumOrder) && maximumOrder >= 1) return
  throw new ArgumentError({
    operation,
    argument: 'maximumOrder',
    got: `is ${maximumOrder}`,
    expected: 'a whole number of 1 or more',
    fix: 'Leave it out for the usual 4.',
  })
}

function checkSmoothing(operation: string, smoothing: BleuSmoothing): void {
  if (smoothing === 'exp' || smoothing === 'none') return
  // Options come from config files too, where anything may stand.
  const entries = typeof smoothing === 'object' && smoothing !== null ? Object.entries(smoothing) : []
  const [name, amount] = entries[0] ?? []
  const isKnown = entries.length === 1 && (name === 'floor' || name === 'addK')
  if (isKnown && Number.isFinite(amount) && Number(amount) > 0) return
  throw new ArgumentError({
    operation,
    argument: 'smoothing',
    got: `is ${JSON.stringify(smoothing)}`,
    expected: "'exp', 'none', { floor } or { addK } with a number above 0",
    fix: "Leave it out for sacreBLEU's usual 'exp'.",
  })
}
