import { DataError } from '../data-error.ts'
import { createRandomGenerator } from '../random/random-generator.ts'
import { shuffle } from '../random/shuffle.ts'

/** How much of a corpus each held-out part gets. */
export interface SplitOptions {
  /** The validation part: a share below 1, or a number of pairs. */
  readonly validation: number
  /** The test part: a share below 1, or a number of pairs. */
  readonly test: number
  /** A whole number of at least 0; equal seeds give equal splits. */
  readonly seed: number
}

/** The three parts of a corpus, each in the corpus's order. */
export interface Split<Item> {
  readonly train: Item[]
  readonly validation: Item[]
  readonly test: Item[]
}

/**
 * Splits pairs at random, all pairs of one source sentence into the same part: no test source occurs in training.
 *
 * A held-out part has as many pairs as was asked, or a few less where a sentence with several translations did not fit.
 * Throws a DataError when the sizes are not shares or counts, or leave nothing to train on.
 *
 * @example
 * const { train, validation, test } = split(pairs, { validation: 0.05, test: 500, seed: 1 })
 */
export function split<Item extends { readonly source: string }>(
  pairs: readonly Item[],
  { validation, test, seed }: SplitOptions,
): Split<Item> {
  const wanted = {
    validation: pairCount('validation', validation, pairs.length),
    test: pairCount('test', test, pairs.length),
  }
  if (wanted.validation + wanted.test >= pairs.length) throw nothingLeftError(wanted, pairs.length)
  const parts = new Map<string, 'validation' | 'test'>()
  const held = { validation: 0, test: 0 }
  for (const [source, count] of shuffle([...countBySource(pairs)], createRandomGenerator(seed))) {
    const part = (['test', 'validation'] as const).find((name) => held[name] + count <= wanted[name])
    if (part === undefined) continue
    held[part] += count
    parts.set(source, part)
  }
  const inPart = (part: string | undefined): Item[] =>
    pairs.filter(({ source }) => parts.get(source) === part)
  return { train: inPart(undefined), validation: inPart('validation'), test: inPart('test') }
}

function countBySource(pairs: readonly { readonly source: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { source } of pairs) counts.set(source, (counts.get(source) ?? 0) + 1)
  return counts
}

function pairCount(argument: string, size: number, total: number): number {
  if (size >= 0 && size < 1) return Math.round(size * total)
  if (Number.isSafeInteger(size) && size >= 1) return size
  throw new DataError({
    operation: 'split',
    argument,
    got: `is ${String(size)}`,
    expected: 'a share from 0 to below 1, or a whole number of pairs',
    fix: 'write 0.1 for a tenth of the pairs, or 500 for 500 pairs',
  })
}

function nothingLeftError(wanted: { validation: number; test: number }, total: number): DataError {
  return new DataError({
    operation: 'split',
    argument: 'pairs',
    got: `has ${total} pairs`,
    expected: `more than the ${wanted.validation} for validation and ${wanted.test} for test together`,
    fix: 'ask for smaller parts or give more pairs',
  })
}
