import { ArgumentError } from '@qkv/tensor'

/**
 * Perplexity: e to the mean loss per token, which is how many equally likely tokens the model hesitates between.
 *
 * @param totalLoss summed negative log-likelihood of the tokens, in nats
 * @param tokenCount how many tokens that is, padding not included
 * @throws ArgumentError if there are no tokens.
 * @example
 * perplexity(Math.log(8) * 100, 100) // 8
 */
export function perplexity(totalLoss: number, tokenCount: number): number {
  if (!(tokenCount > 0)) {
    throw new ArgumentError({
      operation: 'perplexity',
      argument: 'tokenCount',
      got: `is ${tokenCount}`,
      expected: 'at least one token',
      fix: 'Check that the evaluation data is not empty or all padding.',
    })
  }
  return Math.exp(totalLoss / tokenCount)
}
