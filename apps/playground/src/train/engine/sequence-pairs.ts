import { createRandomGenerator, type Pair, type RandomGenerator } from '@qkv/data'
import type { Alphabet } from '../settings/settings.ts'

export interface SequenceTask {
  readonly task: 'copy' | 'reverse' | 'sort'
  readonly alphabet: Alphabet
  /** Symbols of the longest sequence; the shortest has two. */
  readonly longest: number
  readonly seed: number
}

const symbols = { digits: '0123456789', letters: 'abcdefghijklmnopqrstuvwxyz' } as const
const shortest = 2
const trainingPairs = 20_000
const heldOutPairs = 200

const orders = {
  copy: (sequence: readonly string[]) => sequence,
  reverse: (sequence: readonly string[]) => sequence.toReversed(),
  sort: (sequence: readonly string[]) => sequence.toSorted(),
} as const

/** Sequences and what becomes of them, each source once: nothing that is held out can be learnt by heart. */
export function sequencePairs({ task, alphabet, longest, seed }: SequenceTask): {
  readonly train: readonly Pair[]
  readonly validation: readonly Pair[]
} {
  const random = createRandomGenerator(seed)
  const seen = new Set<string>()
  const pairs: Pair[] = []
  while (pairs.length < trainingPairs + heldOutPairs) {
    const sequence = draw(random, symbols[alphabet], longest)
    const source = sequence.join('')
    if (seen.has(source)) continue
    seen.add(source)
    pairs.push({ source, target: orders[task](sequence).join('') })
  }
  return { train: pairs.slice(heldOutPairs), validation: pairs.slice(0, heldOutPairs) }
}

function draw(random: RandomGenerator, from: string, longest: number): readonly string[] {
  const length = shortest + random.below(longest - shortest + 1)
  return Array.from({ length }, () => from[random.below(from.length)]!)
}
