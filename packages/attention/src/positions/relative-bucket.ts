export interface RelativeBucketOptions {
  /** How many buckets there are; 32 unless said. */
  readonly buckets?: number
  /** From this distance on, all fall into the last bucket; 128 unless said. */
  readonly maximumDistance?: number
  /** Whether keys to the right have half of the buckets; else they share the bucket of distance 0. True unless said. */
  readonly bidirectional?: boolean
}

/**
 * The bucket of the offset from a query to a key (key position minus query position): half of the buckets hold one
 * distance each, the others grow logarithmically. Decided in whole numbers, since rounded logarithms put some
 * distances one bucket off.
 *
 * Source: Raffel et al. 2019, Exploring the Limits of Transfer Learning (T5), section 2.1 and its published code.
 *
 * @example
 * relativeBucket(-3) // 3
 */
export function relativeBucket(offset: number, options: RelativeBucketOptions = {}): number {
  const { buckets = 32, maximumDistance = 128, bidirectional = true } = options
  const side = bidirectional ? Math.floor(buckets / 2) : buckets
  const start = bidirectional && offset > 0 ? side : 0
  const distance = bidirectional ? Math.abs(offset) : Math.max(0, -offset)
  const exact = Math.floor(side / 2)
  if (distance < exact) return start + distance
  return start + exact + logarithmicStep(distance, { exact, maximumDistance, steps: side - exact })
}

/** The largest step, below `steps`, with `(distance / exact) ^ steps >= (maximumDistance / exact) ^ step`. */
function logarithmicStep(
  distance: number,
  sizes: { readonly exact: number; readonly maximumDistance: number; readonly steps: number },
): number {
  const { exact, maximumDistance, steps } = sizes
  if (distance >= maximumDistance) return steps - 1
  const reached = BigInt(distance) ** BigInt(steps)
  const base = BigInt(exact)
  let step = steps - 1
  while (
    step > 0 &&
    reached * base ** BigInt(step) < BigInt(maximumDistance) ** BigInt(step) * base ** BigInt(steps)
  ) {
    step -= 1
  }
  return step
}
