import type { LoadableArray } from '@qkv/nn'
import { RunError } from '../errors/run-error.ts'
import { specialIds, type Tokenizers } from '../tokens/tokenizers.ts'
import type { ModelDescription } from './model-description.ts'

interface ModelContent {
  readonly description: ModelDescription
  readonly tokenizers: Tokenizers
  readonly weights: ReadonlyMap<string, LoadableArray>
}

/**
 * Throws a `RunError` unless description, tokenizers and weights are of one model. A model is made before its weights are
 * loaded: without this check, a few wrong numbers in the description would ask for any amount of memory.
 */
export function checkSizes({ description, tokenizers, weights }: ModelContent, source: string): void {
  const { model } = description
  const vocabularies = [
    ['sourceVocabularySize', tokenizers.source.vocabularySize],
    ['targetVocabularySize', tokenizers.target.vocabularySize],
    ...Object.entries(specialIds(tokenizers.target)),
  ] as const
  for (const [field, wanted] of vocabularies) {
    const stated = model[field as keyof typeof model]
    if (stated !== wanted) {
      throw sizeError(source, `states ${String(stated)} as ${field}`, `${wanted}, as its tokenizer has it`)
    }
  }
  const table = 'targetEmbedding.table'
  const shape = weights.get(table)?.shape
  const wanted = [model.targetVocabularySize, model.width]
  if (shape && (shape.length !== 2 || shape.some((size, axis) => size !== wanted[axis]))) {
    const expected = `[${wanted.join(', ')}], as its description says`
    throw sizeError(source, `has shape [${shape.join(', ')}] for the weights '${table}'`, expected)
  }
  let stored = 0
  for (const { shape } of weights.values()) stored += shape.reduce((size, axis) => size * axis, 1)
  const least = leastParameters(model)
  if (least <= stored) return
  throw sizeError(
    source,
    `describes a model of ${least} parameters or more`,
    `the ${stored} that its weights have`,
  )
}

/** Of the embedding, the output projection of each attention, and two matrices of each feed-forward network. */
function leastParameters(model: ModelDescription['model']): number {
  const { targetVocabularySize, width, innerWidth, encoderLayers, decoderLayers } = model
  const attentions = encoderLayers + 2 * decoderLayers
  const feedForwards = encoderLayers + decoderLayers
  return targetVocabularySize * width + attentions * width ** 2 + feedForwards * 2 * width * innerWidth
}

function sizeError(source: string, got: string, expected: string): RunError {
  return new RunError({
    operation: 'model',
    argument: source,
    got,
    expected,
    fix: 'Its files are damaged or of different models: copy or download all of them again.',
  })
}
