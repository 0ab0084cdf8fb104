import { checkWholeNumber } from '../check-settings.ts'
import { DataError } from '../data-error.ts'
import { createRandomGenerator, type RandomGenerator } from '../random/random-generator.ts'
import { shuffle } from '../random/shuffle.ts'
import { checkTokenIds } from './check-token-ids.ts'
import { cutByTokens, cutIntoBatches } from './cut-batches.ts'
import { padSequences } from './padded-sequences.ts'
import type { PaddedSequences } from './padded-sequences.ts'
import { createBatchSource } from './position.ts'
import type { BatchSource } from './position.ts'

/** The token ids of a sentence and of its translation, special tokens included. */
export interface TokenPair {
  readonly source: ArrayLike<number>
  readonly target: ArrayLike<number>
}

/** Settings of {@link createLengthBuckets}. */
export interface LengthBucketOptions {
  /** The most tokens in a batch: rows times (padded source length + padded target length). */
  readonly tokensPerBatch: number
  /** The most tokens on either side of a pair; longer pairs are left out and counted. Default: no limit. */
  readonly maximumLength?: number
  /** The id that fills the rows up. */
  readonly paddingId: number
  /** A whole number of at least 0; equal seeds give equal batches. */
  readonly seed: number
  /**
   * Gives another form of a pair in each epoch, as BPE-dropout does. An epoch has as many batches as the plain pairs fill: longer forms
   * make them larger than `tokensPerBatch`. A form longer than `maximumLength` gives way to the pair itself.
   */
  readonly variantOf?: (index: number, random: RandomGenerator) => TokenPair
}

/** A batch of pairs of about equal length. */
export interface PairBatch {
  readonly source: PaddedSequences
  readonly target: PaddedSequences
  /** The index of each row's pair in the given list. */
  readonly indices: readonly number[]
}

/** Batches of pairs, and how many pairs they do not hold. */
export interface LengthBuckets extends BatchSource<PairBatch> {
  /** Pairs that are too long, by the limit that they break. */
  readonly leftOut: { readonly overMaximumLength: number; readonly overTokensPerBatch: number }
}

/** Streams of random numbers below it belong to the order of epochs. */
const variantStreams = 2 ** 40

interface Entry extends TokenPair {
  readonly index: number
}

/**
 * Groups pairs of about equal length into batches limited by tokens; which pairs meet, and the order of the batches, change
 * with each epoch, the batches' shapes do not.
 *
 * Throws a DataError for an empty sentence, an id that is no token id, a bad setting, and when every pair is too long.
 * Source: Vaswani et al. 2017, section 5.1; pairs are ordered as fairseq does, by length with ties in random order.
 *
 * @example
 * const buckets = createLengthBuckets(pairs, { tokensPerBatch: 4096, paddingId: 0, seed: 1 })
 * for (const { source, target, next } of buckets.batches({ epoch: 0, batch: 0 })) {
 *   step(source, target)
 *   save(next)
 * }
 */
export function createLengthBuckets(
  pairs: readonly TokenPair[],
  options: LengthBucketOptions,
): LengthBuckets {
  const { tokensPerBatch, maximumLength = Number.MAX_SAFE_INTEGER, paddingId, seed, variantOf } = options
  const operation = 'createLengthBuckets'
  checkWholeNumber(operation, 'tokensPerBatch', tokensPerBatch, { minimum: 2 })
  checkWholeNumber(operation, 'maximumLength', maximumLength, { minimum: 1 })
  checkWholeNumber(operation, 'paddingId', paddingId, { minimum: 0, maximum: 2 ** 31 - 1 })
  checkWholeNumber(operation, 'seed', seed, { minimum: 0 })
  for (const [index, pair] of pairs.entries()) checkPair(operation, pair, index)

  const entries = pairs.map(({ source, target }, index): Entry => ({ source, target, index }))
  const shortEnough = entries.filter(
    ({ source, target }) => source.length <= maximumLength && target.length <= maximumLength,
  )
  const kept = shortEnough.filter(({ source, target }) => source.length + target.length <= tokensPerBatch)
  if (kept.length === 0) throw nothingLeftError(operation, pairs.length)

  // Sorting leaves the sequence of lengths, and so the cuts, equal in every epoch.
  const batchesPerEpoch = cutByTokens(kept.toSorted(byLength), tokensPerBatch).length
  const planEpoch = (epoch: number): ((batch: number) => PairBatch) => {
    const random = createRandomGenerator(seed, epoch)
    const rows = shuffle(kept, random)
    const batches = shuffle(cutEpoch(rows, epoch), random)
    return (batch) => padPairs(batches[batch] as Entry[], paddingId)
  }
  const cutEpoch = (rows: readonly Entry[], epoch: number): readonly Entry[][] => {
    if (variantOf === undefined) return cutByTokens(rows.toSorted(byLength), tokensPerBatch)
    const random = createRandomGenerator(seed, variantStreams + epoch)
    const variants = rows.map((row) => chooseVariant(row, variantOf(row.index, random), maximumLength))
    return cutIntoBatches(variants.toSorted(byLength), batchesPerEpoch)
  }
  return {
    ...createBatchSource(operation, batchesPerEpoch, planEpoch),
    leftOut: {
      overMaximumLength: pairs.length - shortEnough.length,
      overTokensPerBatch: shortEnough.length - kept.length,
    },
  }
}

function byLength(a: Entry, b: Entry): number {
  return a.target.length - b.target.length || a.source.length - b.source.length
}

function chooseVariant(row: Entry, variant: TokenPair, maximumLength: number): Entry {
  checkPair('createLengthBuckets', variant, row.index, 'variantOf')
  const { source, target } = variant
  return Math.max(source.length, target.length) > maximumLength ? row : { source, target, index: row.index }
}

function padPairs(entries: readonly Entry[], paddingId: number): PairBatch {
  return {
    source: padSequences(
      entries.map(({ source }) => source),
      paddingId,
    ),
    target: padSequences(
      entries.map(({ target }) => target),
      paddingId,
    ),
    indices: entries.map(({ index }) => index),
  }
}

function checkPair(operation: string, pair: TokenPair, index: number, from = 'pairs'): void {
  for (const side of ['source', 'target'] as const) {
    const argument = `${from}[${index}].${side}`
    checkTokenIds(operation, argument, pair[side])
    if (pair[side].length > 0) continue
    throw new DataError({
      operation,
      argument,
      got: 'has no token',
      expected: 'at least one token on both sides',
      fix: 'leave such pairs out, or let the tokenizer add an end-of-sentence token',
    })
  }
}

function nothingLeftError(operation: string, pairs: number): DataError {
  return new DataError({
    operation,
    argument: 'pairs',
    got: pairs === 0 ? 'is empty' : `has ${pairs} pairs, all of them too long`,
    expected: "at least one pair within 'maximumLength' and 'tokensPerBatch'",
    fix: pairs === 0 ? 'give at least one pair' : 'raise the limits',
  })
}
