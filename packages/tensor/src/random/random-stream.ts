import { ArgumentError } from '../errors/argument-error.ts'
import { randomWords } from './random-words.ts'

/** Two 24-bit words that name one stream of random numbers. The same key gives the same numbers everywhere. */
export type RandomKey = readonly [low: number, high: number]

/** Where a stream stands: plain JSON, for checkpoints. */
export interface RandomStreamState {
  readonly key: RandomKey
  readonly position: number
}

const word = 2 ** 24

/** The key that a seed stands for; any non-negative integer up to 2^48 - 1. */
export function randomKey(seed: number): RandomKey {
  if (!Number.isInteger(seed) || seed < 0 || seed >= word * word) {
    throw new ArgumentError({
      operation: 'randomKey',
      argument: 'seed',
      got: `is ${seed}`,
      expected: 'an integer from 0 to 2^48 - 1',
      fix: 'Pick a whole number such as 1.',
    })
  }
  return [seed % word, Math.floor(seed / word)]
}

/** The key of the child number `index` of a key; children and parent are independent streams. */
export function childKey(key: RandomKey, index: number): RandomKey {
  // The high bit of the counter is set, which `randomUniform` never does: children share no number with it.
  return randomWords(index % word, word / 2 + (Math.floor(index / word) % (word / 2)), key[0], key[1])
}

/**
 * Hands out keys in order, so that each use of randomness has its own; its state can be saved and restored.
 *
 * @example
 * const random = new RandomStream(1)
 * const noise = randomUniform(device, [2, 3], { key: random.next() })
 */
export class RandomStream {
  state: RandomStreamState

  constructor(seed: number | RandomStreamState) {
    this.state = typeof seed === 'number' ? { key: randomKey(seed), position: 0 } : seed
  }

  /** A key that was never given out before. */
  next(): RandomKey {
    const { key, position } = this.state
    this.state = { key, position: position + 1 }
    return childKey(key, position)
  }
}

/** One number from [0, 1) in steps of 2^-24, computed on the host: for decisions outside of tensors. */
export function randomNumber(key: RandomKey): number {
  return randomWords(0, 0, key[0], key[1])[0] / word
}
