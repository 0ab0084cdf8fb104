import { createLengthBuckets, type Pair } from '@qkv/data'
import { type BleuTokenizerName, corpusBleu, corpusChrf, exactMatch, lossEvaluator } from '@qkv/trainer'
import type { Transformer } from '@qkv/model-zoo'
import type { TranslateOptions, Translator } from '@qkv/pipelines'
import { encodePairs, translationLoss } from '@qkv/pipelines/training'

export interface EvaluateOptions extends TranslateOptions {
  /** How sacreBLEU cuts text; `13a` unless said. */
  readonly bleuTokenizer?: BleuTokenizerName | undefined
}

/** How well a model translates; shares from 0 to 100. */
export interface Scores {
  readonly pairs: number
  readonly bleu: number
  readonly chrf: number
  readonly exactMatch: number
  /** Mean per target token, in nats. */
  readonly loss: number
  readonly perplexity: number
}

export interface Evaluation extends Scores {
  /** In the order of the pairs. */
  readonly translations: readonly string[]
}

const tokensPerBatch = 4096

/**
 * Translates test pairs, and compares with their references: BLEU and chrF as sacreBLEU computes them.
 *
 * @example
 * const { bleu, exactMatch } = await evaluateTranslator(translator, pairs)
 */
export async function evaluateTranslator(
  translator: Translator,
  pairs: readonly Pair[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const references = [pairs.map(({ target }) => target)]
  const results = await translator.translate(
    pairs.map(({ source }) => source),
    options,
  )
  const translations = results.map(({ text }) => text)
  const { loss, perplexity } = await measureLoss(translator, pairs)
  return {
    pairs: pairs.length,
    bleu: corpusBleu(translations, references, { tokenizer: options.bleuTokenizer ?? '13a' }).score,
    chrf: corpusChrf(translations, references).score,
    exactMatch: exactMatch(translations, references).score,
    loss,
    perplexity,
    translations,
  }
}

async function measureLoss(
  { model, tokenizers }: Translator,
  pairs: readonly Pair[],
): Promise<{ readonly loss: number; readonly perplexity: number }> {
  const { paddingId, maximumLength } = model.config
  const encoded = encodePairs(tokenizers, pairs)
  const longest = encoded.reduce(
    (length, { source, target }) => Math.max(length, source.length + target.length),
    0,
  )
  const buckets = createLengthBuckets(encoded, {
    tokensPerBatch: Math.max(tokensPerBatch, longest),
    maximumLength,
    paddingId,
    seed: 0,
  })
  const evaluator = lossEvaluator({
    batches: () => buckets.epoch(0),
    lossOf: (batch, model: Transformer) => translationLoss(batch, model, { labelSmoothing: 0 }),
  })
  const { loss, perplexity } = await evaluator.evaluate(model)
  return { loss: loss!, perplexity: perplexity! }
}
