import { type Capture, inspect } from '@qkv/instruments'
import { RunError } from '../errors/run-error.ts'
import { encodeSource, specialIds, specialTokens } from './tokenizers.ts'
import type { Translation, Translator } from './translator.ts'

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
  const { model, device, tokenizers } = translator
  const { encoderLayers, decoderLayers } = model.config
  const { layer = decoderLayers - 1 } = options
  const best = candidates[0]
  if (best === undefined) throw nothingToShowError(source)
  const { beginId, endId } = specialIds(tokenizers.target)
  const sourceIds = encodeSource(tokenizers, source)
  const read = [beginId, ...best.tokens]
  const { captures } = await inspect(
    device,
    () =>
      device.scoped(() => {
        const logits = model.forward(
          device.tensor(Int32Array.from(sourceIds), { shape: [1, sourceIds.length] }),
          device.tensor(Int32Array.from(read), { shape: [1, read.length] }),
        )
        logits.dispose()
      }),
    { sites: ['attention.weights'] },
  )
  // In order: self-attention of each encoder layer, then self- and cross-attention of each decoder layer.
  const capture = captures[encoderLayers + 2 * layer + 1]!
  return {
    sourceTokens: labelsOf(tokenizers.source, source),
    targetTokens: [...best.tokens, endId].map((id) => labelOf(tokenizers.target, id)),
    weights: meanOverHeads(capture),
    layer,
  }
}

type Tokenizer = Translator['tokenizers']['source']

/** The pieces of the text that the tokens stand for, and the end; further bytes of one character are `·`. */
function labelsOf(tokenizer: Tokenizer, text: string): readonly string[] {
  const { ids, offsets } = tokenizer.encode(text)
  let before: readonly [number, number] | undefined
  const pieces = offsets.map(([start, end], index) => {
    // The blank that is put before a text has no place in it.
    if (labelOf(tokenizer, ids[index]!).trim() === '') return ' '
    const goesOn = before?.[0] === start && before[1] === end
    before = [start, end]
    return goesOn ? '·' : text.slice(start, end)
  })
  return [...pieces, specialTokens.end]
}

function labelOf(tokenizer: Tokenizer, id: number): string {
  return tokenizer.decode([id], { skipSpecialTokens: false })
}

/** From `[1, heads, target, source]` to `[target][source]`. */
function meanOverHeads({ shape, data }: Capture): number[][] {
  const [, heads, rows, columns] = shape as [number, number, number, number]
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      let sum = 0
      for (let head = 0; head < heads; head += 1) sum += data[(head * rows + row) * columns + column]!
      return sum / heads
    }),
  )
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
