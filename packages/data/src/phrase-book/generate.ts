import { createRandomGenerator } from '../random/random-generator.ts'
import type { Pair } from '../text/pair.ts'
import { chooseWith } from './pattern.ts'
import type { Pattern } from './pattern.ts'

/** Draws in a row that give nothing new before a pattern counts as used up. */
const patience = 50

/**
 * Makes `count` pairs with different sources, taking the patterns in turn; a pattern without new sentences drops out.
 *
 * Gives fewer pairs when all patterns are used up. `taken` holds sources that must not come out.
 */
export function generatePairs(
  patterns: readonly Pattern[],
  { count, seed, taken }: { count: number; seed: number; taken: ReadonlySet<string> },
): Pair[] {
  const choose = chooseWith(createRandomGenerator(seed))
  const sources = new Set(taken)
  const pairs: Pair[] = []
  let active = patterns
  while (active.length > 0 && pairs.length < count) {
    active = active.filter((pattern) => {
      if (pairs.length === count) return true
      for (let draw = 0; draw < patience; draw += 1) {
        const pair = pattern.make(choose)
        if (sources.has(pair.source)) continue
        sources.add(pair.source)
        pairs.push(pair)
        return true
      }
      return false
    })
  }
  return pairs
}
