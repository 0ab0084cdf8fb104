export { completeParts } from '../complete-parts.ts'
export { EmbeddedAttention, type EmbeddedAttentionOptions } from '../embedded-attention.ts'
export { sampleSideOf } from '../sample-side.ts'
export { testAttention, type TestAttentionOptions, type TestedBackend } from './test-attention.ts'
export { type Idea, testIdea, type TestIdeaOptions } from './test-idea.ts'
export { type MaskCase, type MaskPlace, type MaskVectors, testMask } from './test-mask.ts'
export {
  type EmbeddingIdea,
  testEmbeddingIdea,
  type TestEmbeddingIdeaOptions,
} from './test-embedding-idea.ts'
