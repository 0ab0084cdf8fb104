import { childKey, randomKey, randomNumber } from '@qkv/tensor'

/** Normally distributed numbers, the same for one seed: by Box and Muller, from pairs of uniform ones. */
export function seededNormals(seed: number, count: number): Float32Array {
  const key = randomKey(seed)
  return Float32Array.from({ length: count }, (_, index) => {
    const [first, second] = [0, 1].map((half) => randomNumber(childKey(key, 2 * index + half))) as [
      number,
      number,
    ]
    return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second)
  })
}
