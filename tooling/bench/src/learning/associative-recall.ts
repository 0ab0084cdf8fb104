import { createRandomGenerator, shuffle } from '@qkv/data'
import type { Task, TaskBatch } from './task.ts'

const symbols = 32
const pairs = 8
const rows = 32
/** Batches from here on are held out. */
const firstHeldOut = 1_000_000

/**
 * Pairs of a key and a value, then all keys again in another order; at each of these the value that came with it is asked for.
 * What is learned is to look up, since pairs are drawn anew for every sequence.
 *
 * Source: Arora et al. 2023, Zoology: Measuring and Improving Recall in Efficient Language Models (the task of several queries).
 */
export function associativeRecall(seed: number): Task {
  const batch = (index: number): TaskBatch => {
    const random = createRandomGenerator(seed, index)
    const tokens: number[] = []
    const targets: number[] = []
    for (let row = 0; row < rows; row++) {
      const keys = shuffle(
        Array.from({ length: symbols }, (_, symbol) => symbol),
        random,
      ).slice(0, pairs)
      const values = new Map(keys.map((key) => [key, symbols + random.below(symbols)]))
      const asked = shuffle(keys, random)
      for (const [key, value] of values) tokens.push(key, value)
      tokens.push(...asked)
      targets.push(...asked.map((key) => values.get(key)!))
    }
    return { tokens: Int32Array.from(tokens), targets: Int32Array.from(targets), rows }
  }
  return {
    name: 'recall',
    vocabularySize: 2 * symbols,
    length: 3 * pairs,
    scoredFrom: 2 * pairs,
    causal: false,
    batch,
    heldOut: Array.from({ length: 16 }, (_, index) => batch(firstHeldOut + index)),
  }
}
