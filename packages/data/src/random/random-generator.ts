import { checkWholeNumber } from '../check-settings.ts'

/** A stream of random numbers that depends on nothing but its key. */
export interface RandomGenerator {
  /** The next 32 random bits, from 0 to 2^32 - 1. */
  next(): number
  /** A whole number from 0 to `bound` - 1, each equally likely; `bound` from 1 to 2^32. */
  below(bound: number): number
}

/**
 * Makes the random generator of this package: xoshiro128**, its state hashed from a seed and a stream number.
 *
 * Equal seeds and streams give equal numbers on every platform; different streams of one seed (one per epoch, say)
 * are independent for shuffling. Not for cryptography.
 * Throws a DataError when the seed or the stream is not a whole number of at least 0.
 * Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (2021), section 4; the hash is
 * Wellons, "Prospecting for Hash Functions" (2018).
 *
 * @example
 * const random = createRandomGenerator(1)
 * const dice = random.below(6) + 1
 */
export function createRandomGenerator(seed: number, stream = 0): RandomGenerator {
  checkWholeNumber('createRandomGenerator', 'seed', seed, { minimum: 0 })
  checkWholeNumber('createRandomGenerator', 'stream', stream, { minimum: 0 })
  return fromState(expandKey([...words(seed), ...words(stream)]))
}

/** xoshiro128** from a state of four words, not all zero. */
export function fromState(state: readonly [number, number, number, number]): RandomGenerator {
  let [a, b, c, d] = state
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
  const below = (bound: number): number => {
    checkWholeNumber('RandomGenerator.below', 'bound', bound, { minimum: 1, maximum: 2 ** 32 })
    // Numbers from the last, incomplete run of `bound` are drawn again: a plain remainder would favour small results.
    const limit = 2 ** 32 - (2 ** 32 % bound)
    let drawn = next()
    while (drawn >= limit) drawn = next()
    return drawn % bound
  }
  return { next, below }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function words(value: number): [low: number, high: number] {
  return [value >>> 0, Math.floor(value / 2 ** 32)]
}

/** Four words that each depend on every bit of the key. */
function expandKey(key: readonly number[]): [number, number, number, number] {
  const lane = (constant: number): number =>
    key.reduce((state, word) => mix((state ^ word) + constant), constant)
  return [lane(0x9e3779b9), lane(0x243f6a88), lane(0xb7e15162), lane(0x6a09e667)]
}

/** Wellons's 32-bit mixer: a bijection in which every input bit changes about half of the output bits. */
function mix(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
  const second = Math.imul(first ^ (first >>> 15), 0x735a2d97)
  return second ^ (second >>> 15)
}
