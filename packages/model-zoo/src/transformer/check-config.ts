import { ArgumentError } from '@qkv/tensor'
import type { TransformerConfig } from './config.ts'

const sizes = [
  'sourceVocabularySize',
  'targetVocabularySize',
  'width',
  'heads',
  'encoderLayers',
  'decoderLayers',
  'innerWidth',
  'maximumLength',
] as const

/** Throws an `ArgumentError` that names the first field that cannot be. */
export function checkTransformerConfig(config: TransformerConfig): void {
  for (const field of sizes) {
    if (Number.isInteger(config[field]) && config[field] > 0) continue
    throw fieldError(field, config[field], 'a positive whole number', 'Set it in the model config.')
  }
  if (config.width % config.heads !== 0) {
    throw fieldError(
      'heads',
      config.heads,
      `a number that divides the width ${config.width}`,
      'Change one of the two.',
    )
  }
  if (config.sharedEmbeddings === 'all' && config.sourceVocabularySize !== config.targetVocabularySize) {
    throw fieldError(
      'sharedEmbeddings',
      "'all'",
      `equal vocabularies, not ${config.sourceVocabularySize} and ${config.targetVocabularySize}`,
      "Use one tokenizer for both languages, or 'target-and-output'.",
    )
  }
  for (const field of ['paddingId', 'beginId', 'endId'] as const) {
    const id = config[field]
    if (Number.isInteger(id) && id >= 0 && id < config.targetVocabularySize) continue
    throw fieldError(
      field,
      id,
      `a token id below ${config.targetVocabularySize}`,
      'Take it from the tokenizer.',
    )
  }
}

function fieldError(field: string, value: unknown, expected: string, fix: string): ArgumentError {
  return new ArgumentError({
    operation: 'Transformer',
    argument: field,
    got: `is ${String(value)}`,
    expected,
    fix,
  })
}
