import type { RandomGenerator } from '../random/random-generator.ts'
import { shuffle } from '../random/shuffle.ts'
import type { Pair } from '../text/pair.ts'

/** How often each word of a test sentence occurs in training, at least. */
const fewestOccurrences = 5

/** The words of an English sentence in lower case, and the characters of a Chinese one: marks are no words. */
export function wordsOf({ source, target }: Pair): string[] {
  return [...(target.toLowerCase().match(/[a-z0-9']+/g) ?? []), ...(source.match(/\p{Script=Han}/gu) ?? [])]
}

/**
 * Chooses `count` of the pairs to test with: their words occur in the rest, their sources and targets do not.
 *
 * Gives fewer when the pairs do not have as many.
 */
export function holdOut(
  pairs: readonly Pair[],
  { count, random, phrases }: { count: number; random: RandomGenerator; phrases: readonly Pair[] },
): { train: Pair[]; test: Pair[] } {
  const everything = [...phrases, ...pairs]
  const targets = countEach(everything.map(({ target }) => target))
  const occurrences = countEach(everything.flatMap(wordsOf))
  const test = new Set<Pair>()
  for (const pair of shuffle(pairs, random)) {
    if (test.size === count) break
    const found = wordsOf(pair)
    const known = found.every((word) => (occurrences.get(word) ?? 0) > fewestOccurrences + found.length)
    if (!known || targets.get(pair.target) !== 1) continue
    for (const word of found) occurrences.set(word, (occurrences.get(word) ?? 0) - 1)
    test.add(pair)
  }
  return { train: everything.filter((pair) => !test.has(pair)), test: [...test] }
}

function countEach(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}
