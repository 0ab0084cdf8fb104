import type { HeadPlace } from '../translation/ablation.ts'
import type { Translator } from '../translation/translator.ts'
import { inspectTranslation } from './inspect-translation.ts'

/** How probable something is to the whole model, and to the model without some heads: log-probabilities in nats. */
export interface AblationChange {
  readonly whole: number
  readonly ablated: number
  /** `ablated - whole`: below zero where the heads had helped. */
  readonly change: number
}

/** One translation as the whole model sees it, and as the model without some heads does. */
export interface AblationComparison extends AblationChange {
  /** For each token of the translation, and the end. */
  readonly tokens: readonly (AblationChange & { readonly id: number; readonly text: string })[]
}

/**
 * What heads are worth for a translation: the log-probability of each of its tokens with and without them, given the tokens
 * before. `targetTokens` are those of a candidate, without begin and end. Throws as `inspectTranslation` does.
 *
 * Source: Michel et al. 2019, Are Sixteen Heads Really Better than One?, section 3
 *
 * @example
 * const { change } = await compareAblation(translator, '机器学习', tokens, [{ site: 'cross', layer: 2, head: 0 }])
 */
export async function compareAblation(
  translator: Pick<Translator, 'device' | 'model' | 'tokenizers'>,
  source: string,
  targetTokens: readonly number[],
  ablate: readonly HeadPlace[],
): Promise<AblationComparison> {
  const whole = await inspectTranslation(translator, source, targetTokens, { topK: 1 })
  const ablated = await inspectTranslation(translator, source, targetTokens, { topK: 1, ablate })
  const tokens = whole.predictions.map(({ next }, position) => ({
    id: next.id,
    text: next.text,
    ...changeOf(next.logProbability, ablated.predictions[position]!.next.logProbability),
  }))
  return { tokens, ...changeOf(whole.logProbability, ablated.logProbability) }
}

function changeOf(whole: number, ablated: number): AblationChange {
  return { whole, ablated, change: ablated - whole }
}
