export { testAttention, type TestAttentionOptions, type TestedBackend } from './test-attention.ts'
export { type Idea, testIdea, type TestIdeaOptions } from './test-idea.ts'
