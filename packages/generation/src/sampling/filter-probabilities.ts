import { ArgumentError } from '@qkv/tensor'

/** How probabilities are shaped before a token is drawn. */
export interface SamplingFilters {
  /** Below 1 sharpens, above 1 flattens; 1 unless said. */
  readonly temperature?: number
  /** Only the `topK` most probable tokens; all unless said. */
  readonly topK?: number
  /** Only the smallest set of tokens whose probability reaches `topP`; 1 unless said. */
  readonly topP?: number
}

/**
 * Probabilities from logits `[vocabulary]`, with temperature, then top-k, then top-p applied; they sum to 1.
 * Throws an `ArgumentError` for values that keep no token.
 *
 * Source: Holtzman et al. 2019, The Curious Case of Neural Text Degeneration, section 3.1 (top-p).
 *
 * @example
 * filterProbabilities([2, 1, 0], { topK: 2 }) // [0.731, 0.269, 0]
 */
export function filterProbabilities(logits: ArrayLike<number>, filters: SamplingFilters): Float64Array {
  const { temperature = 1, topK = logits.length, topP = 1 } = filters
  checkFilters(temperature, topK, topP)
  const scaled = Float64Array.from(logits, (logit) => logit / temperature)
  const peak = scaled.reduce((peak, value) => Math.max(peak, value), -Infinity)
  const probabilities = normalize(scaled.map((value) => Math.exp(value - peak)))
  if (topK >= logits.length && topP >= 1) return probabilities

  const order = [...probabilities.keys()].toSorted((a, b) => probabilities[b]! - probabilities[a]! || a - b)
  for (const token of order.splice(topK)) probabilities[token] = 0
  normalize(probabilities)
  let before = 0
  for (const token of order) {
    const own = probabilities[token]!
    // A token is kept while the mass before it is short of top-p: the one that reaches it is in.
    if (before >= topP) probabilities[token] = 0
    before += own
  }
  return normalize(probabilities)
}

function normalize(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  for (let index = 0; index < weights.length; index++) weights[index]! /= total
  return weights
}

function checkFilters(temperature: number, topK: number, topP: number): void {
  const problem =
    !(temperature > 0) || !Number.isFinite(temperature)
      ? ([
          'temperature',
          temperature,
          'a number above 0',
          'For the most probable token each time, use `greedySearch`.',
        ] as const)
      : !Number.isInteger(topK) || topK < 1
        ? (['topK', topK, 'a whole number of at least 1', 'Leave it out to allow every token.'] as const)
        : !(topP > 0 && topP <= 1)
          ? (['topP', topP, 'a number above 0, up to 1', 'Leave it out to allow every token.'] as const)
          : undefined
  if (!problem) return
  const [argument, value, expected, fix] = problem
  throw new ArgumentError({ operation: 'sample', argument, got: `is ${value}`, expected, fix })
}
