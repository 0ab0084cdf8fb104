import type { StateArray } from '@qkv/nn'
import { modelFileNames } from '../files/model-files.ts'
import type { Tokenizers } from '../tokens/tokenizers.ts'
import type { TranslatorParts } from '../translation/translator.ts'
import type { ModelDescription } from './model-description.ts'
import { storeAttention } from './stored-attention.ts'

/**
 * What `config.json` says of a model.
 *
 * @example
 * await writeFile('config.json', JSON.stringify(describeModel({ model, tokenizers, generation })))
 */
export function describeModel({
  model: { config },
  tokenizers,
  generation,
  training,
}: TranslatorParts): ModelDescription {
  return {
    format: 'qkv-model',
    version: 1,
    type: 'transformer',
    model: { ...config, attention: storeAttention(config.attention) },
    tokenizers: tokenizerFileNames(tokenizers),
    generation,
    ...(training && { training }),
  }
}

/** The weights as models are kept: the reference backend may compute in doubles. */
export function singlePrecision(weights: ReadonlyMap<string, StateArray>): ReadonlyMap<string, StateArray> {
  return new Map(
    [...weights].map(([path, array]) => {
      if (array.dtype !== 'float64') return [path, array]
      return [path, { dtype: 'float32' as const, shape: array.shape, data: Float32Array.from(array.data) }]
    }),
  )
}

function tokenizerFileNames({ source, target }: Tokenizers): ModelDescription['tokenizers'] {
  const { tokenizer, sourceTokenizer, targetTokenizer } = modelFileNames
  return source === target
    ? { source: tokenizer, target: tokenizer }
    : { source: sourceTokenizer, target: targetTokenizer }
}
