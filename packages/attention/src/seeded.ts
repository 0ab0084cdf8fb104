import { randomNumber, RandomStream } from '@qkv/tensor'

/** Numbers from [0, 1), the same for the same seed on every machine. */
export function seededUniform(seed: number): () => number {
  const stream = new RandomStream(seed)
  return () => randomNumber(stream.next())
}

/** Numbers of the standard normal distribution. Source: Box and Muller 1958. */
export function seededNormal(seed: number): () => number {
  const uniform = seededUniform(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** The numbers 0 to `count - 1` in a random order. Source: Fisher and Yates 1938. */
export function seededOrder(count: number, seed: number): number[] {
  const uniform = seededUniform(seed)
  const order = Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}
