import type { TransformerConfig } from '@qkv/model-zoo'
import { specialIds, type Tokenizers } from '../tokens/tokenizers.ts'
import type { ModelShape } from './settings.ts'

/** The config of the model itself: the shape that was chosen, with sizes and ids from the tokenizers. */
export function modelConfigOf(shape: ModelShape, tokenizers: Tokenizers): TransformerConfig {
  return {
    ...shape,
    sourceVocabularySize: tokenizers.source.vocabularySize,
    targetVocabularySize: tokenizers.target.vocabularySize,
    ...specialIds(tokenizers.target),
  }
}
