import type { LengthBuckets, Pair } from '@qkv/data'
import type { Transformer } from '@qkv/model-zoo'
import {
  type BleuTokenizerName,
  combineEvaluators,
  type Evaluator,
  lossEvaluator,
  textEvaluator,
} from '@qkv/trainer'
import type { GenerationSettings } from '../model/model-description.ts'
import type { Tokenizers } from '../tokens/tokenizers.ts'
import { createTranslator } from '../translation/translator.ts'
import { translationLoss } from './translation-loss.ts'

export interface EvaluatorParts {
  /** Whose loss is measured. */
  readonly batches: Pick<LengthBuckets, 'epoch'>
  /** What is translated and compared; none leaves BLEU, chrF and exact match out. */
  readonly pairs: readonly Pair[]
  readonly tokenizers: Tokenizers
  readonly generation: GenerationSettings
  readonly bleuTokenizer: BleuTokenizerName
}

/** Measures loss and perplexity, and of greedy translations BLEU, chrF and exact match. */
export function createEvaluator({
  batches,
  pairs,
  tokenizers,
  generation,
  bleuTokenizer,
}: EvaluatorParts): Evaluator<Transformer> {
  const loss = lossEvaluator<
    ReturnType<LengthBuckets['epoch']> extends Iterable<infer Batch> ? Batch : never,
    Transformer
  >({
    batches: () => batches.epoch(0),
    lossOf: (batch, model) => translationLoss(batch, model, { labelSmoothing: 0 }),
  })
  if (pairs.length === 0) return loss
  const text = textEvaluator<Transformer>({
    sources: pairs.map(({ source }) => source),
    references: [pairs.map(({ target }) => target)],
    bleu: { tokenizer: bleuTokenizer },
    async decode(model, sources) {
      const translator = createTranslator({ model, tokenizers, generation: { ...generation, beams: 1 } })
      return (await translator.translate(sources)).map(({ text }) => text)
    },
  })
  return combineEvaluators([loss, text])
}
