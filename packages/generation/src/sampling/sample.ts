import type { TokenScorer } from '@qkv/nn'
import { RandomStream, randomNumber } from '@qkv/tensor'
import { checkCount, checkPrompts } from '../check-options.ts'
import type { SearchOptions } from '../search-options.ts'
import { filterProbabilities, type SamplingFilters } from './filter-probabilities.ts'

export interface SampleOptions extends Omit<SearchOptions, 'prompts'>, SamplingFilters {
  readonly prompt: readonly number[]
  /** The same seed gives the same tokens. */
  readonly seed: number
}

/**
 * Draws token after token and yields each as soon as it is there, without prompt and end token; disposes the scorer.
 *
 * @example
 * for await (const token of sample(model.startDecoding(), { prompt, endId, maximumTokens: 100, seed: 1, topP: 0.9 })) {
 *   output += decoder.push(token)
 * }
 */
export async function* sample(
  scorer: TokenScorer,
  options: SampleOptions,
): AsyncGenerator<number, void, undefined> {
  const { prompt, endId, maximumTokens, seed, signal } = options
  const random = new RandomStream(seed)
  let next = prompt
  try {
    checkPrompts('sample', [prompt])
    checkCount('sample', 'maximumTokens', maximumTokens)
    for (let count = 0; count < maximumTokens && !signal?.aborted; count++) {
      using logits = scorer.advance([next])
      const probabilities = filterProbabilities(await logits.read(), options)
      const token = draw(probabilities, randomNumber(random.next()))
      if (token === endId) return
      yield token
      next = [token]
    }
  } finally {
    scorer.dispose()
  }
}

/** The token at which the running sum passes `uniform`, a number from [0, 1). */
function draw(probabilities: Float64Array, uniform: number): number {
  let sum = 0
  let last = 0
  for (let token = 0; token < probabilities.length; token++) {
    if (probabilities[token] === 0) continue
    sum += probabilities[token]!
    last = token
    if (uniform < sum) return token
  }
  // The sum of all probabilities may round to a little less than 1.
  return last
}
