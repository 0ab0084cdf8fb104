import type { RandomGenerator } from './random-generator.ts'

/**
 * Returns the items in random order, every order equally likely; the given array stays as it is.
 *
 * Source: Durstenfeld's form of the Fisher-Yates shuffle (1964).
 *
 * @example
 * const order = shuffle([0, 1, 2, 3], createRandomGenerator(1))
 */
export function shuffle<Item>(items: readonly Item[], random: RandomGenerator): Item[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const chosen = random.below(last + 1)
    const item = shuffled[last] as Item
    shuffled[last] = shuffled[chosen] as Item
    shuffled[chosen] = item
  }
  return shuffled
}
