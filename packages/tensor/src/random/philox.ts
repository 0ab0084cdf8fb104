/**
 * A counter-based generator on 24-bit words, so that shaders with float arithmetic can compute it exactly.
 *
 * The structure is Philox-2x32 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3) with
 * words of 24 bits and addition instead of exclusive or, which floats lack; ten rounds as in the paper.
 */
const word = 2 ** 24
const multiplier = 0xd256d1
const weyl = 0x9e3779
const rounds = 10

/** Two independent 24-bit words for a counter of two words under a key of two words. */
export function randomWords(
  counterLow: number,
  counterHigh: number,
  keyLow: number,
  keyHigh: number,
): readonly [number, number] {
  let low = counterLow
  let high = counterHigh
  let key = keyLow
  let nextKey = keyHigh
  for (let round = 0; round < rounds; round++) {
    const product = multiplier * low
    const upper = Math.floor(product / word)
    const lower = product - upper * word
    low = (upper + key + high) % word
    high = lower
    const stepped = (key + weyl) % word
    key = nextKey
    nextKey = stepped
  }
  return [low, high]
}
