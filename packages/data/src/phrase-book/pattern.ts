import type { RandomGenerator } from '../random/random-generator.ts'
import type { Pair } from '../text/pair.ts'

/** Draws words for a pattern. */
export interface Choose {
  /** One of the items, each equally likely. */
  one<Item>(items: readonly Item[]): Item
  /** Two different items. */
  two<Item>(items: readonly Item[]): [Item, Item]
  /** A whole number between two, both included. */
  number(smallest: number, largest: number): number
}

/** A kind of sentence: draws its words, and writes them in both languages. */
export interface Pattern {
  readonly name: string
  readonly make: (choose: Choose) => Pair
}

/** Makes the {@link Choose} of a random generator. */
export function chooseWith(random: RandomGenerator): Choose {
  const one = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item
  return {
    one,
    two(items) {
      const first = random.below(items.length)
      const second = random.below(items.length - 1)
      return [items[first], items[second < first ? second : second + 1]] as [
        (typeof items)[number],
        (typeof items)[number],
      ]
    },
    number: (smallest, largest) => smallest + random.below(largest - smallest + 1),
  }
}

/** A statement: 。 and a period are added, and the first English letter is made a capital. */
export function statement(chinese: string, english: string): Pair {
  return { source: `${chinese}。`, target: `${capitalized(english)}.` }
}

/** A question: ？ and a question mark are added, and the first English letter is made a capital. */
export function question(chinese: string, english: string): Pair {
  return { source: `${chinese}？`, target: `${capitalized(english)}?` }
}

/** Words that are no sentence: no mark, no capital. */
export function phrase(chinese: string, english: string): Pair {
  return { source: chinese, target: english }
}

function capitalized(english: string): string {
  return english.charAt(0).toUpperCase() + english.slice(1)
}
