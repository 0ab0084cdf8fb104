import type { Tokenizer } from '@qkv/tokenizer'
import { exp, identity, logSoftmax, reshape, takeAlongAxis, type Tensor, topK } from '@qkv/tensor'
import type { NextToken, Prediction } from './inspection.ts'
import { readComputed } from './read-computed.ts'

export interface PredictionOptions {
  readonly tokenizer: Tokenizer
  /** The token that follows each position. */
  readonly next: readonly number[]
  /** How many candidates. */
  readonly count: number
}

/** From logits `[1, target, vocabulary]` to the most probable tokens at each position, and the one that follows. */
export async function readPredictions(
  logits: Tensor,
  { tokenizer, next, count }: PredictionOptions,
): Promise<readonly Prediction[]> {
  const { device } = logits
  const [, length, vocabularySize] = logits.shape as [number, number, number]
  const wanted = Math.min(count, vocabularySize)
  const of = (indices: Tensor, logProbabilities: Tensor): readonly Tensor[] => {
    const chosen = takeAlongAxis(logProbabilities, indices)
    return [identity(indices), takeAlongAxis(rows, indices), chosen, exp(chosen)]
  }
  using rows = reshape(logits, [length, vocabularySize])
  const numbers = await readComputed(device, () => {
    const logProbabilities = logSoftmax(rows)
    const best = topK(logProbabilities, { k: wanted }).indices
    const following = device.tensor(Int32Array.from(next), { shape: [length, 1] })
    return [...of(best, logProbabilities), ...of(following, logProbabilities)]
  })
  const tokenAt = (from: number, index: number): NextToken => {
    const [id, logit, logProbability, probability] = numbers.slice(from, from + 4).map((all) => all[index]!)
    const text = tokenizer.decode([id!], { skipSpecialTokens: false })
    return { id: id!, text, logit: logit!, logProbability: logProbability!, probability: probability! }
  }
  return next.map((_, position) => ({
    candidates: Array.from({ length: wanted }, (_, rank) => tokenAt(0, position * wanted + rank)),
    next: tokenAt(4, position),
  }))
}
