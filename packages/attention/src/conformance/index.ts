export { testAttention, type TestAttentionOptions } from './test-attention.ts'
export { type Idea, testIdea, type TestIdeaOptions } from './test-idea.ts'
export {
  type EmbeddingIdea,
  testEmbeddingIdea,
  type TestEmbeddingIdeaOptions,
} from './test-embedding-idea.ts'
