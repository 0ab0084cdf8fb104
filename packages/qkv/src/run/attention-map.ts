import { inspectTranslation, type TokenDescription, type Translation, type Translator } from '@qkv/pipelines'
import { RunError } from '../errors/run-error.ts'

/** How much each target token attended to each source token. */
export interface AttentionMap {
  /** Columns. */
  readonly sourceTokens: readonly string[]
  /** Rows: the token that was predicted. */
  readonly targetTokens: readonly string[]
  /** `[target][source]`, rows that sum to 1. */
  readonly weights: readonly (readonly number[])[]
  /** Decoder layer, counted from 0. */
  readonly layer: number
}

/**
 * Runs a translation through the model once more, and captures the cross-attention of one decoder layer, the last unless
 * said, as the mean over its heads.
 *
 * @example
 * const [translation] = await translator.translate(['机器学习'])
 * const { sourceTokens, targetTokens, weights } = await captureCrossAttention(translator, translation)
 */
export async function captureCrossAttention(
  translator: Translator,
  { source, candidates }: Translation,
  options: { readonly layer?: number } = {},
): Promise<AttentionMap> {
  const { layer = translator.model.config.decoderLayers - 1 } = options
  const best = candidates[0]
  if (best === undefined) throw nothingToShowError(source)
  const inspection = await inspectTranslation(translator, source, best.tokens, { topK: 1 })
  const columns = inspection.source.length
  const map = inspection.alignment.layers[layer]!
  return {
    sourceTokens: inspection.source.map(labelOf),
    targetTokens: inspection.predictions.map(({ next }) => next.text),
    weights: inspection.target.map((_, row) => Array.from(map.subarray(row * columns, (row + 1) * columns))),
    layer,
  }
}

/** Further bytes of one character are `·`. */
function labelOf({ text, continues }: TokenDescription): string {
  return continues ? '·' : text
}

function nothingToShowError(source: string): RunError {
  return new RunError({
    operation: 'attention map',
    argument: 'translation',
    got: `of ${JSON.stringify(source)} is empty`,
    expected: 'a text with a translation',
    fix: 'Translate a sentence.',
  })
}
