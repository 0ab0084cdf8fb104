import { pairUp } from './pair-up.ts'

export interface ExactMatchOptions {
  /** Applied to both sides before they are compared; by default nothing is. */
  readonly normalize?: (text: string) => string
}

export interface ExactMatchScore {
  /** The share of hypotheses that equal one of their references, from 0 to 100. */
  readonly score: number
  readonly matches: number
  readonly total: number
}

/**
 * How many hypotheses equal one of their references, character by character.
 * References are a list of streams, `references[stream][sentence]`.
 *
 * @throws ArgumentError if the lists do not fit.
 * @example
 * exactMatch(['machine learning', 'a car'], [['machine learning', 'the car']]).score // 50
 */
export function exactMatch(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: ExactMatchOptions = {},
): ExactMatchScore {
  const normalize = options.normalize ?? ((text: string): string => text)
  const pairs = pairUp('exactMatch', hypotheses, references)
  const matches = pairs.filter(({ hypothesis, references }) =>
    references.some((reference) => normalize(reference) === normalize(hypothesis)),
  ).length
  return { score: (100 * matches) / pairs.length, matches, total: pairs.length }
}
