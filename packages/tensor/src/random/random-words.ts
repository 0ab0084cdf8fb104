/**
 * A counter-based random generator on 24-bit words: everything that it computes fits floats with 24-bit mantissas
 * when products are cut into halves of 12 bits, so that shaders without integers get the same numbers.
 *
 * It is a Feistel network: each round adds a mixed half to the other one and swaps them. The mixing takes the middle
 * of a square, as in Widynski 2020, "Squares: a fast counter-based RNG"; a sum with the rounds of Philox failed the
 * tests in random.test.ts, since floats have no exclusive or.
 */
const word = 2 ** 24
const half = 2 ** 12
const weyl = 0x9e3779
const rounds = 8

/** Two independent 24-bit words for a counter of two words under a key of two words. */
export function randomWords(
  counterLow: number,
  counterHigh: number,
  keyLow: number,
  keyHigh: number,
): readonly [number, number] {
  let left = counterLow
  let right = counterHigh
  let key = keyLow
  let nextKey = keyHigh
  for (let round = 0; round < rounds; round++) {
    const keyed = (left + key) % word
    const middle = Math.floor((keyed * keyed) / half)
    const mixed = (right + middle + keyed) % word
    right = left
    left = mixed
    const stepped = (key + weyl) % word
    key = nextKey
    nextKey = stepped
  }
  return [left, right]
}
